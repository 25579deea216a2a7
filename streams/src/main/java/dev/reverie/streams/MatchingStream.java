package dev.reverie.streams;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.loop.VisitCommand;
import dev.reverie.actors.schedule.ClassVisit;
import dev.reverie.actors.worker.RetryingWorker;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.MatchOutcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.NotUsed;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Scheduler;
import org.apache.pekko.japi.Pair;
import org.apache.pekko.stream.javadsl.Flow;
import org.apache.pekko.stream.javadsl.Keep;
import org.apache.pekko.stream.javadsl.RunnableGraph;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;

/**
 * Carries matching batches from the classes to the worker, and the gradients back.
 *
 * <pre>
 *  coordinator   class           worker             class         coordinator
 *      |           |               |                  |                |
 *      +- batches -+ --&gt; matchedByWorker --&gt; appliedToClass --&gt; reported
 * </pre>
 *
 * <p>Demand flows the other way, and nothing happens without it: the worker has one batch in hand and one waiting, so
 * that it goes from one to the next without a pause, and no third is prepared.
 */
public final class MatchingStream {

    /** The batch that the one worker computes, and the one that it takes up next. */
    private static final int BATCHES_AT_THE_WORKER = 2;

    private static final String GONE = "the class is gone";

    private final Coordination coordinator;
    private final Scheduler scheduler;

    private MatchingStream(Coordination coordinator, Scheduler scheduler) {
        this.coordinator = coordinator;
        this.scheduler = scheduler;
    }

    /** A coordinator as this stream speaks with it, whatever else it understands. */
    private interface Coordination {
        CompletionStage<VisitCommand.VisitReply> nextVisit();

        void report(VisitCommand report);
    }

    private record Prepared(VisitCommand.Assigned assigned, Optional<ClassActor.Batch> batch) {}

    private record Answered(VisitCommand.Assigned assigned, WorkerReply.Answer<MatchOutcome> answer) {
        ClassVisit visit() {
            return assigned.visit();
        }
    }

    /**
     * A stream that completes when the coordinator has no more visits, and fails if an actor could not be asked.
     *
     * @param wrapped what the coordinator understands, made of what this stream says
     */
    public static <M> RunnableGraph<CompletionStage<Done>> of(
            ActorRef<M> coordinator, Function<VisitCommand, M> wrapped, ActorSystem<?> system) {
        MatchingStream stream = new MatchingStream(
                new Coordination() {
                    @Override
                    public CompletionStage<VisitCommand.VisitReply> nextVisit() {
                        return Asks.ask(
                                coordinator,
                                replyTo -> wrapped.apply(new VisitCommand.NextVisit(replyTo)),
                                system.scheduler());
                    }

                    @Override
                    public void report(VisitCommand report) {
                        coordinator.tell(wrapped.apply(report));
                    }
                },
                system.scheduler());
        return stream.batches()
                .via(stream.matchedByWorker())
                .via(stream.appliedToClass())
                .toMat(stream.reported(), Keep.right());
    }

    /** One visit after the other, asked for when its batch is wanted. */
    private Source<Prepared, NotUsed> batches() {
        return Source.unfoldAsync(coordinator, asked -> asked.nextVisit().thenCompose(reply -> switch (reply) {
            case VisitCommand.Assigned assigned ->
                batchOfClass(assigned).thenApply(prepared -> Optional.of(Pair.create(asked, prepared)));
            case VisitCommand.NoMoreVisits() -> CompletableFuture.completedStage(Optional.empty());
        }));
    }

    /** Empty if the class has gone, as it may at any time where classes can be forgotten. */
    private CompletionStage<Prepared> batchOfClass(VisitCommand.Assigned assigned) {
        return assigned.owner()
                .<ClassActor.Batch>ask(replyTo -> new ClassActor.PrepareBatch(assigned.visit(), replyTo), scheduler)
                .thenApply(Optional::of)
                .exceptionally(gone -> Optional.empty())
                .thenApply(batch -> new Prepared(assigned, batch));
    }

    /**
     * In order; a batch that fails is tried once more by the {@link RetryingWorker}, then it comes through as failed.
     */
    private Flow<Prepared, Answered, NotUsed> matchedByWorker() {
        return Flow.of(Prepared.class).mapAsync(BATCHES_AT_THE_WORKER, prepared -> prepared.batch()
                .map(batch -> prepared.assigned().worker().match(batch.task()))
                .orElseGet(() -> CompletableFuture.completedStage(new WorkerReply.Failed<>(GONE)))
                .thenApply(answer -> new Answered(prepared.assigned(), answer)));
    }

    /** In order; the turn of the class ends here, with a step or without. */
    private Flow<Answered, VisitCommand, NotUsed> appliedToClass() {
        return Flow.of(Answered.class).mapAsync(1, answered -> {
            CompletionStage<VisitCommand> applied =
                    switch (answered.answer()) {
                        case WorkerReply.Completed<MatchOutcome>(var outcome, var seconds) ->
                            this.<ClassActor.VisitEnded>askOwner(
                                            answered,
                                            replyTo -> new ClassActor.ApplyGradient(
                                                    answered.visit(), outcome.gradient(), replyTo))
                                    .thenApply(ended -> new VisitCommand.VisitMatched(
                                            answered.visit(),
                                            outcome.loss(),
                                            outcome.byBlock(),
                                            ended.change(),
                                            seconds));
                        case WorkerReply.Failed<MatchOutcome>(var reason) ->
                            this.<ClassActor.VisitEnded>askOwner(
                                            answered, replyTo -> new ClassActor.SkipVisit(answered.visit(), replyTo))
                                    .thenApply(ended -> new VisitCommand.VisitSkipped(answered.visit(), reason));
                    };
            return applied.exceptionally(gone -> new VisitCommand.VisitSkipped(answered.visit(), GONE));
        });
    }

    private <R> CompletionStage<R> askOwner(Answered answered, Function<ActorRef<R>, ClassActor.Command> message) {
        return answered.assigned().owner().ask(message, scheduler);
    }

    /** To the coordinator, which counts, publishes, and has the next visit. */
    private Sink<VisitCommand, CompletionStage<Done>> reported() {
        return Sink.foreach(coordinator::report);
    }
}
