package dev.reverie.actors.worker;

import dev.reverie.actors.Asks;
import dev.reverie.gpu.engine.ClassifyOutcome;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.MatchOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.RolloutOutcome;
import dev.reverie.gpu.engine.RolloutTask;
import dev.reverie.gpu.engine.SelectOutcome;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.TrainOutcome;
import dev.reverie.gpu.engine.TrainTask;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Sends jobs to a worker, and a job that failed once more, to the worker's new engine, where jobs that were sent in the
 * meantime come first. Each method's stage completes with the last answer; it fails with an
 * {@link EngineUnavailableException} only if there is no engine now. Thread safe.
 */
public final class RetryingWorker {

    private static final int ATTEMPTS = 2;

    private final ActorRef<GpuWorkerActor.Command> worker;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private int waiting;
    private Instant heard = Instant.EPOCH;

    /**
     * A worker behind patience.
     *
     * @param clock by which its silence is measured
     */
    public RetryingWorker(ActorRef<GpuWorkerActor.Command> worker, Scheduler scheduler, InstantSource clock) {
        this.worker = worker;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** How long it has answered none of the jobs that wait for it; zero while none does. */
    public synchronized Duration silence() {
        return waiting == 0 ? Duration.ZERO : Duration.between(heard, clock.instant());
    }

    private synchronized void asked() {
        if (waiting == 0) {
            heard = clock.instant();
        }
        waiting++;
    }

    private synchronized void answered() {
        heard = clock.instant();
        waiting--;
    }

    public CompletionStage<WorkerReply.Answer<MatchOutcome>> match(MatchTask task) {
        return attempt(replyTo -> new GpuWorkerActor.Match(task, replyTo), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Answer<TrainOutcome>> train(TrainTask task) {
        return attempt(replyTo -> new GpuWorkerActor.Train(task, replyTo), ATTEMPTS);
    }

    /** For training that must go on from the network as it is: a worker's new engine no longer has it. */
    public CompletionStage<WorkerReply.Answer<TrainOutcome>> trainOnce(TrainTask task) {
        return attempt(replyTo -> new GpuWorkerActor.Train(task, replyTo), 1);
    }

    public CompletionStage<WorkerReply.Answer<RolloutOutcome>> walk(RolloutTask task) {
        return attempt(replyTo -> new GpuWorkerActor.Walk(task, replyTo), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Answer<SelectOutcome>> select(SelectTask task) {
        return attempt(replyTo -> new GpuWorkerActor.Select(task, replyTo), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Answer<ClassifyOutcome>> classify(ClassifyTask task) {
        return attempt(replyTo -> new GpuWorkerActor.Classify(task, replyTo), ATTEMPTS);
    }

    /** One network as it is now. */
    public CompletionStage<WorkerReply.Answer<NetworkState>> exportNetwork(NetworkId network) {
        return attempt(replyTo -> new GpuWorkerActor.ExportNetwork(network, replyTo), 1);
    }

    public CompletionStage<WorkerReply.Answer<List<NetworkState>>> exportNetworks() {
        return attempt(GpuWorkerActor.ExportNetworks::new, ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Answer<Done>> restoreNetworks(List<NetworkState> states) {
        return attempt(replyTo -> new GpuWorkerActor.RestoreNetworks(states, replyTo), ATTEMPTS);
    }

    private <T> CompletionStage<WorkerReply.Answer<T>> attempt(
            Function<ActorRef<WorkerReply<T>>, GpuWorkerActor.Command> job, int attempts) {
        asked();
        return Asks.ask(worker, job, scheduler)
                .whenComplete((reply, failure) -> answered())
                .thenCompose(reply -> switch (reply) {
                    case WorkerReply.Failed<T> failed when attempts > 1 -> attempt(job, attempts - 1);
                    case WorkerReply.Answer<T> answer -> CompletableFuture.completedStage(answer);
                    case WorkerReply.Unavailable<T>(var cause) ->
                        CompletableFuture.failedStage(new EngineUnavailableException(cause));
                });
    }
}
