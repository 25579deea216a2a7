package dev.reverie.streams;

import dev.reverie.actors.Request;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.run.RunCommand;
import dev.reverie.actors.schedule.Visit;
import dev.reverie.actors.worker.PatientWorker;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.method.MatchOutcome;
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
final class MatchingStream {

    /** The batch that the one worker computes, and the one that it takes up next. */
    private static final int BATCHES_AT_THE_WORKER = 2;

    private final ActorRef<RunCommand> coordinator;
    private final Scheduler scheduler;

    private MatchingStream(ActorRef<RunCommand> coordinator, Scheduler scheduler) {
        this.coordinator = coordinator;
        this.scheduler = scheduler;
    }

    private record Prepared(RunCommand.Assigned assigned, ClassActor.Batch batch) {}

    private record Answered(RunCommand.Assigned assigned, Reply.Answer<MatchOutcome> answer) {
        Visit visit() {
            return assigned.visit();
        }
    }

    /** A stream that completes when the coordinator has no more visits, and fails if an actor could not be asked. */
    static RunnableGraph<CompletionStage<Done>> of(ActorRef<RunCommand> coordinator, ActorSystem<?> system) {
        MatchingStream stream = new MatchingStream(coordinator, system.scheduler());
        return stream.batches()
                .via(stream.matchedByWorker())
                .via(stream.appliedToClass())
                .toMat(stream.reported(), Keep.right());
    }

    /** One visit after the other, asked for when its batch is wanted. */
    private Source<Prepared, NotUsed> batches() {
        return Source.unfoldAsync(coordinator, asked -> Request.ask(asked, RunCommand.NextVisit::new, scheduler)
                .thenCompose(reply -> switch (reply) {
                    case RunCommand.Assigned assigned ->
                        batchOfClass(assigned).thenApply(prepared -> Optional.of(Pair.create(asked, prepared)));
                    case RunCommand.NoMoreVisits() -> CompletableFuture.completedStage(Optional.empty());
                }));
    }

    private CompletionStage<Prepared> batchOfClass(RunCommand.Assigned assigned) {
        return Request.<ClassActor.Command, ClassActor.Batch>ask(
                        assigned.owner(), replyTo -> new ClassActor.PrepareBatch(assigned.visit(), replyTo), scheduler)
                .thenApply(batch -> new Prepared(assigned, batch));
    }

    /**
     * In order; a batch that fails is tried once more by the {@link PatientWorker}, then it comes through as failed.
     */
    private Flow<Prepared, Answered, NotUsed> matchedByWorker() {
        return Flow.of(Prepared.class).mapAsync(BATCHES_AT_THE_WORKER, prepared -> prepared.assigned()
                .worker()
                .match(prepared.batch().task())
                .thenApply(answer -> new Answered(prepared.assigned(), answer)));
    }

    /** In order; the turn of the class ends here, with a step or without. */
    private Flow<Answered, RunCommand, NotUsed> appliedToClass() {
        return Flow.of(Answered.class).mapAsync(1, answered -> switch (answered.answer()) {
            case Reply.Completed<MatchOutcome>(var outcome, var seconds) ->
                this.<Done>askOwner(
                                answered,
                                replyTo -> new ClassActor.ApplyGradient(answered.visit(), outcome.gradient(), replyTo))
                        .thenApply(done -> new RunCommand.VisitMatched(answered.visit(), outcome.loss(), seconds));
            case Reply.Failed<MatchOutcome>(var reason) ->
                this.<Done>askOwner(answered, replyTo -> new ClassActor.Skip(answered.visit(), replyTo))
                        .thenApply(done -> new RunCommand.VisitSkipped(answered.visit(), reason));
        });
    }

    private <R> CompletionStage<R> askOwner(Answered answered, Function<ActorRef<R>, ClassActor.Command> message) {
        return Request.ask(answered.assigned().owner(), message, scheduler);
    }

    /** To the coordinator, which counts, publishes, and has the next visit. */
    private Sink<RunCommand, CompletionStage<Done>> reported() {
        return Sink.foreach(coordinator::tell);
    }
}
