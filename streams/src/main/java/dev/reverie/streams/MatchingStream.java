package dev.reverie.streams;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.worker.WorkerPool;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Carries matching batches from the classes to the worker, and gradients back to the classes.
 *
 * <pre>
 *  coordinator   class           worker             class         coordinator
 *      |           |               |                  |                |
 *      +- batches -+ --&gt; matchedByWorkers --&gt; appliedToClass --&gt; reported
 * </pre>
 *
 * <p>Demand flows in the opposite direction and drives the distillation: while each worker computes one batch, the next
 * one is ready, so no worker pauses, and no other batch is prepared.
 *
 * @param wrap converts a message of this stream into a message of the coordinator
 * @param workers number of workers that compute at the same time, at least 1
 * @param <M> messages of the coordinator
 */
public record MatchingStream<M>(
        ActorRef<M> coordinator, Function<LoopCommand, M> wrap, int workers, Scheduler scheduler) {

    private static final String GONE = "the class is gone or does not reply";

    private record Prepared(LoopCommand.Assigned assigned, Optional<ClassActor.Batch> batch) {}

    private record Matched(LoopCommand.Assigned assigned, WorkerReply.Result<MatchOutcome> result) {
        ClassVisit visit() {
            return assigned.visit();
        }
    }

    /**
     * Returns the stream, which completes when the coordinator has no more visits, and fails if the coordinator does
     * not reply.
     */
    public RunnableGraph<CompletionStage<Done>> graph() {
        return batches()
                .via(matchedByWorkers())
                .via(appliedToClass())
                .toMat(Sink.foreach(report -> coordinator.tell(wrap.apply(report))), Keep.right());
    }

    /** Requests visits one after another, each when downstream demands its batch. */
    private Source<Prepared, NotUsed> batches() {
        return Source.unfoldAsync(NotUsed.getInstance(), none -> nextVisit().thenCompose(reply -> switch (reply) {
            case LoopCommand.Assigned assigned ->
                batchOfClass(assigned).thenApply(prepared -> Optional.of(Pair.create(none, prepared)));
            case LoopCommand.NoMoreVisits() -> CompletableFuture.completedStage(Optional.empty());
        }));
    }

    private CompletionStage<LoopCommand.VisitReply> nextVisit() {
        return Asks.ask(coordinator, replyTo -> wrap.apply(new LoopCommand.NextVisit(replyTo)), scheduler);
    }

    /** Prepares a batch; empty if the class is gone or does not reply, which can happen at any time. */
    private CompletionStage<Prepared> batchOfClass(LoopCommand.Assigned assigned) {
        return assigned.owner()
                .<ClassActor.Batch>ask(replyTo -> new ClassActor.PrepareBatch(assigned.visit(), replyTo), scheduler)
                .thenApply(Optional::of)
                .exceptionally(gone -> Optional.empty())
                .thenApply(batch -> new Prepared(assigned, batch));
    }

    /**
     * Sends the batches to the workers, one more than these compute, and keeps their order. The {@link WorkerPool}
     * retries a failed batch once; the second attempt may fail as well.
     */
    private Flow<Prepared, Matched, NotUsed> matchedByWorkers() {
        return Flow.of(Prepared.class).mapAsync(workers + 1, prepared -> prepared.batch()
                .map(batch -> prepared.assigned()
                        .worker()
                        .match(batch.task().withRealAtMost(prepared.assigned().mostReal())))
                .orElseGet(() -> CompletableFuture.completedStage(new WorkerReply.Failed<>(GONE)))
                .thenApply(result -> new Matched(prepared.assigned(), result)));
    }

    /** Ends the visit of each class, with or without a class step, and keeps the order of the visits. */
    private Flow<Matched, LoopCommand, NotUsed> appliedToClass() {
        return Flow.of(Matched.class).mapAsync(1, matched -> {
            CompletionStage<LoopCommand> applied =
                    switch (matched.result()) {
                        case WorkerReply.Completed<MatchOutcome>(var outcome, var seconds) ->
                            this.<ClassActor.VisitEnded>askOwner(
                                            matched,
                                            replyTo -> new ClassActor.ApplyGradient(
                                                    matched.visit(), outcome.gradient(), replyTo))
                                    .thenApply(ended -> new LoopCommand.VisitMatched(
                                            matched.visit(),
                                            outcome.loss(),
                                            outcome.blockLosses(),
                                            ended.change(),
                                            seconds));
                        case WorkerReply.Failed<MatchOutcome>(var reason) ->
                            this.<ClassActor.VisitEnded>askOwner(
                                            matched, replyTo -> new ClassActor.SkipVisit(matched.visit(), replyTo))
                                    .thenApply(ended -> new LoopCommand.VisitSkipped(matched.visit(), reason));
                    };
            return applied.exceptionally(gone -> new LoopCommand.VisitSkipped(matched.visit(), GONE));
        });
    }

    private <R> CompletionStage<R> askOwner(Matched matched, Function<ActorRef<R>, ClassActor.Command> message) {
        return matched.assigned().owner().ask(message, scheduler);
    }
}
