package dev.reverie.actors.worker;

import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.StudentRolloutTask;
import dev.reverie.gpu.engine.StudentRolloutTask.StudentRolloutOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * Sends jobs to one or more workers and, for most kinds of job, retries a failed job once; by then, the worker has a
 * new engine. With several workers, a job runs on one of them; what it changes, such as networks, changes on all. Jobs
 * sent between the two attempts run before the second attempt. The returned stages complete with the result of the last
 * attempt. They fail with the {@link java.util.concurrent.CancellationException} of a job that was cancelled, and with
 * an {@link EngineUnavailableException} if the worker has no engine. Thread safe.
 */
public final class RetryingWorker {

    private static final int ATTEMPTS = 2;

    private final WorkerGroup workers;

    /**
     * Creates a client of a worker.
     *
     * @param clock measures {@link #silence}
     */
    public RetryingWorker(ActorRef<GpuWorkerActor.Command> worker, Scheduler scheduler, InstantSource clock) {
        this(List.of(worker), scheduler, clock);
    }

    /**
     * Creates a client of several workers, for example of one per GPU.
     *
     * @param workers at least one; their engines have the same settings
     * @param clock measures {@link #silence}
     */
    public RetryingWorker(List<ActorRef<GpuWorkerActor.Command>> workers, Scheduler scheduler, InstantSource clock) {
        this.workers = new WorkerGroup(workers, scheduler, clock);
    }

    /** Number of jobs that run at the same time, at least 1. */
    public int count() {
        return workers.count();
    }

    /** The longest time for which a worker has had jobs without replying to any; zero if no worker has a job. */
    public Duration silence() {
        return workers.silence();
    }

    public CompletionStage<WorkerReply.Result<MatchOutcome>> match(MatchTask task) {
        return attempt(() -> workers.one(replyTo -> new GpuWorkerActor.Match(task, replyTo)), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> train(TrainMatchingNetworkTask task) {
        return train(task, ATTEMPTS);
    }

    /**
     * Like {@link #train}, but with several workers, one of them trains at once, while the others go on with the
     * network as it was.
     *
     * @param needed completes when no job needs the network as it was
     */
    public CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trainAhead(
            TrainMatchingNetworkTask task, CompletionStage<Done> needed) {
        if (count() == 1) {
            return needed.thenCompose(done -> train(task));
        }
        CompletionStage<WorkerReply.Result<TrainedNetwork>> training = trainCopy(task);
        return needed.thenCompose(done -> training).thenCompose(result -> adopted(task, result));
    }

    /**
     * Trains without a retry on a single worker: its new engine does not have the network that the training continues.
     */
    public CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trainOnce(TrainMatchingNetworkTask task) {
        return train(task, 1);
    }

    /** Trains in place on a single worker; otherwise on one of several, which gives the network to all. */
    private CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> train(
            TrainMatchingNetworkTask task, int attempts) {
        return count() == 1
                ? attempt(() -> workers.one(replyTo -> new GpuWorkerActor.Train(task, replyTo)), attempts)
                : trainCopy(task).thenCompose(result -> adopted(task, result));
    }

    private CompletionStage<WorkerReply.Result<TrainedNetwork>> trainCopy(TrainMatchingNetworkTask task) {
        return attempt(() -> workers.one(replyTo -> new GpuWorkerActor.TrainCopy(task, replyTo)), ATTEMPTS);
    }

    private CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> adopted(
            TrainMatchingNetworkTask task, WorkerReply.Result<TrainedNetwork> result) {
        return switch (result) {
            case WorkerReply.Failed<TrainedNetwork>(var reason) ->
                CompletableFuture.completedStage(new WorkerReply.Failed<>(reason));
            case WorkerReply.Completed<TrainedNetwork>(var trained, var seconds) ->
                adopt(task, trained.state()).thenApply(adoption -> switch (adoption) {
                    case WorkerReply.Completed<Done> _ ->
                        new WorkerReply.Completed<>(new TrainMatchingNetworkOutcome(trained.loss()), seconds);
                    case WorkerReply.Failed<Done>(var reason) -> new WorkerReply.Failed<>(reason);
                });
        };
    }

    private CompletionStage<WorkerReply.Result<Done>> adopt(TrainMatchingNetworkTask task, NetworkState trained) {
        return attempt(() -> workers.each(replyTo -> new GpuWorkerActor.AdoptTrained(task, trained, replyTo)), 1);
    }

    public CompletionStage<WorkerReply.Result<StudentRolloutOutcome>> rollOut(StudentRolloutTask task) {
        return attempt(() -> workers.each(replyTo -> new GpuWorkerActor.Rollout(task, replyTo)), ATTEMPTS);
    }

    /** Sets the expert that guides the jobs that follow. */
    public CompletionStage<WorkerReply.Result<Done>> guide(GuidanceTask task) {
        return attempt(() -> workers.each(replyTo -> new GpuWorkerActor.Guide(task, replyTo)), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Result<SelectOutcome>> select(SelectTask task) {
        return attempt(() -> workers.one(replyTo -> new GpuWorkerActor.Select(task, replyTo)), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Result<ClassifyOutcome>> classify(ClassifyTask task) {
        return attempt(() -> workers.one(replyTo -> new GpuWorkerActor.Classify(task, replyTo)), ATTEMPTS);
    }

    /** Copies the current state of one network. */
    public CompletionStage<WorkerReply.Result<NetworkState>> exportNetwork(NetworkId network) {
        return attempt(() -> workers.one(replyTo -> new GpuWorkerActor.ExportNetwork(network, replyTo)), 1);
    }

    public CompletionStage<WorkerReply.Result<List<NetworkState>>> exportNetworks() {
        return attempt(() -> workers.one(GpuWorkerActor.ExportNetworks::new), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Result<Done>> restoreNetworks(List<NetworkState> states) {
        return attempt(() -> workers.each(replyTo -> new GpuWorkerActor.RestoreNetworks(states, replyTo)), ATTEMPTS);
    }

    private <T> CompletionStage<WorkerReply.Result<T>> attempt(
            Supplier<CompletionStage<WorkerReply<T>>> job, int attempts) {
        return job.get().thenCompose(reply -> switch (reply) {
            case WorkerReply.Failed<T> failed when attempts > 1 -> attempt(job, attempts - 1);
            case WorkerReply.Result<T> result -> CompletableFuture.completedStage(result);
            case WorkerReply.Cancelled<T>(var cause) -> CompletableFuture.failedStage(cause);
            case WorkerReply.Unavailable<T>(var cause) ->
                CompletableFuture.failedStage(new EngineUnavailableException(cause));
        });
    }
}
