package dev.reverie.actors.worker;

import dev.reverie.actors.Asks;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.GuidanceTask;
import dev.reverie.gpu.engine.JointTask;
import dev.reverie.gpu.engine.JointTask.JointOutcome;
import dev.reverie.gpu.engine.MatchTask;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.NetworkState;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.SelectTask;
import dev.reverie.gpu.engine.SelectTask.SelectOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * The workers of a run or a service, each with an engine of its own, for example some per GPU. All engines hold the
 * same networks: a job that changes networks runs on every engine, and any other on one that is free.
 *
 * <p>Most jobs are repeated once if they fail; by then, the worker has a new engine. Jobs sent between the two attempts
 * run before the second one. The returned stages complete with the result of the last attempt. They fail with the
 * {@link java.util.concurrent.CancellationException} of a job that was cancelled, and with an
 * {@link EngineUnavailableException} if no engine can be created.
 *
 * <p>An engine that replaces a failed one has lost its networks. It gets those of another engine before it takes part
 * again; until then, and while it cannot be created, the other engines run its jobs. Thread safe.
 */
public final class WorkerPool {

    private static final int ATTEMPTS = 2;

    private final List<PoolMember> members;
    private final Queue<CompletableFuture<PoolMember>> waiting = new ArrayDeque<>();

    /**
     * Creates a pool.
     *
     * @param workers at least one; their engines have the same settings
     * @param clock measures {@link #silence}, and the time between two attempts to use a worker without an engine
     */
    public WorkerPool(List<ActorRef<GpuWorkerActor.Job<?>>> workers, Scheduler scheduler, InstantSource clock) {
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("a pool needs at least one worker");
        }
        this.members = workers.stream()
                .map(worker -> new PoolMember(worker, scheduler, clock))
                .toList();
    }

    /** Number of jobs that run at the same time, at least 1. */
    public int count() {
        return members.size();
    }

    /** The longest time for which a worker has had jobs without replying to any; zero if no worker has a job. */
    public synchronized Duration silence() {
        return members.stream()
                .map(PoolMember::silence)
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    public CompletionStage<WorkerReply.Result<MatchOutcome>> match(MatchTask task) {
        return onOne(engine -> engine.match(task), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Result<SelectOutcome>> select(SelectTask task) {
        return onOne(engine -> engine.select(task), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Result<ClassifyOutcome>> classify(ClassifyTask task) {
        return onOne(engine -> engine.classify(task), ATTEMPTS);
    }

    /** Computes a loss of all classes together, whose gradient every engine provides afterwards. */
    public CompletionStage<WorkerReply.Result<JointOutcome>> matchJointly(JointTask task) {
        return onEach(engine -> engine.matchJointly(task), ATTEMPTS);
    }

    /** Sets the expert that guides the jobs that follow. */
    public CompletionStage<WorkerReply.Result<Done>> guide(GuidanceTask task) {
        return onEach(done(engine -> engine.guide(task)), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Result<NetworkState>> exportNetwork(NetworkId network) {
        return onOne(engine -> engine.network(network), 1);
    }

    /** Copies the current states of all networks, oldest first. */
    public CompletionStage<WorkerReply.Result<List<NetworkState>>> exportNetworks() {
        return onOne(DistillationEngine::networks, ATTEMPTS);
    }

    /** Replaces all networks by saved ones. An empty list discards them, so later jobs draw new ones. */
    public CompletionStage<WorkerReply.Result<Done>> restoreNetworks(List<NetworkState> states) {
        return onEach(done(engine -> engine.restore(states)), ATTEMPTS);
    }

    public CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> train(TrainMatchingNetworkTask task) {
        return train(task, ATTEMPTS);
    }

    /**
     * Trains without a retry on a single worker: its new engine does not have the network that the training continues.
     */
    public CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> trainOnce(TrainMatchingNetworkTask task) {
        return train(task, 1);
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

    /** Trains in place on a single worker; otherwise on one of several, which gives the network to all. */
    private CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> train(
            TrainMatchingNetworkTask task, int attempts) {
        return count() == 1
                ? onOne(engine -> engine.train(task), attempts)
                : trainCopy(task).thenCompose(result -> adopted(task, result));
    }

    private CompletionStage<WorkerReply.Result<TrainedNetwork>> trainCopy(TrainMatchingNetworkTask task) {
        return onOne(engine -> engine.trainCopy(task), ATTEMPTS);
    }

    private CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>> adopted(
            TrainMatchingNetworkTask task, WorkerReply.Result<TrainedNetwork> result) {
        return switch (result) {
            case WorkerReply.Failed<TrainedNetwork>(var reason) ->
                CompletableFuture.completedStage(new WorkerReply.Failed<>(reason));
            case WorkerReply.Completed<TrainedNetwork>(var trained, var seconds) ->
                onEach(done(engine -> engine.adopt(task, trained.state())), 1).thenApply(adoption -> switch (adoption) {
                    case WorkerReply.Completed<Done> _ ->
                        new WorkerReply.Completed<>(new TrainMatchingNetworkOutcome(trained.loss()), seconds);
                    case WorkerReply.Failed<Done>(var reason) -> new WorkerReply.Failed<>(reason);
                });
        };
    }

    private static Function<DistillationEngine, Done> done(Consumer<DistillationEngine> action) {
        return engine -> {
            action.accept(engine);
            return Done.getInstance();
        };
    }

    private <T> CompletionStage<WorkerReply.Result<T>> onOne(Function<DistillationEngine, T> job, int attempts) {
        return attempt(() -> one(job), attempts);
    }

    private <T> CompletionStage<WorkerReply.Result<T>> onEach(Function<DistillationEngine, T> job, int attempts) {
        return attempt(() -> each(job), attempts);
    }

    private static <T> CompletionStage<WorkerReply.Result<T>> attempt(
            Supplier<CompletionStage<WorkerReply<T>>> job, int attempts) {
        return job.get().thenCompose(reply -> switch (reply) {
            case WorkerReply.Failed<T> _ when attempts > 1 -> attempt(job, attempts - 1);
            case WorkerReply.Result<T> result -> CompletableFuture.completedStage(result);
            case WorkerReply.Cancelled<T>(var cause) -> CompletableFuture.failedStage(cause);
            case WorkerReply.Unavailable<T>(var cause) ->
                CompletableFuture.failedStage(new EngineUnavailableException(cause));
        });
    }

    /** Runs a job on one engine: another one if the first cannot be created. */
    private <T> CompletionStage<WorkerReply<T>> one(Function<DistillationEngine, T> job) {
        return free().thenCompose(member -> member.ask(job).thenCompose(reply -> {
            boolean replaced = endOf(member, reply);
            return replaced && reply instanceof WorkerReply.Unavailable
                    ? one(job)
                    : CompletableFuture.completedStage(reply);
        }));
    }

    /**
     * Runs a job on every engine, each of which has the same networks afterwards.
     *
     * @return that the job was cancelled, if one engine says so; otherwise the first result; otherwise the first
     *     failure
     */
    private <T> CompletionStage<WorkerReply<T>> each(Function<DistillationEngine, T> job) {
        return renewals().thenCompose(settled -> {
            List<PoolMember> asked = allReady();
            return Asks.all(asked.stream().map(member -> member.ask(job)).toList())
                    .thenApply(replies -> combined(asked, replies));
        });
    }

    /** Ends a job on every engine, and returns its result. */
    private synchronized <T> WorkerReply<T> combined(List<PoolMember> asked, List<WorkerReply<T>> replies) {
        asked.forEach(PoolMember::release);
        Optional<WorkerReply<T>> completed = first(WorkerReply.Completed.class, replies);
        if (completed.isPresent()) { // if all have failed, they are alike again
            List<PoolMember> failed = IntStream.range(0, asked.size())
                    .filter(i -> asked.get(i).hasFailed(replies.get(i)))
                    .mapToObj(asked::get)
                    .toList();
            failed.forEach(member -> member.ready = false); // none of them can give another one its networks
            failed.forEach(this::renew);
        }
        startWaiting();
        return first(WorkerReply.Cancelled.class, replies)
                .or(() -> completed)
                .or(() -> first(WorkerReply.Failed.class, replies))
                .orElseGet(replies::getFirst);
    }

    private static <T> Optional<WorkerReply<T>> first(Class<?> kind, List<WorkerReply<T>> replies) {
        return replies.stream().filter(kind::isInstance).findFirst();
    }

    /**
     * Reserves a member. A job waits here and not at a worker, where it would run on the engine that replaces a failed
     * one before that has its networks. A single worker has no others to wait for.
     */
    private synchronized CompletionStage<PoolMember> free() {
        if (count() == 1) {
            members.getFirst().reserve();
            return CompletableFuture.completedStage(members.getFirst());
        }
        members.stream().filter(PoolMember::mayBeRenewed).forEach(this::renew);
        CompletableFuture<PoolMember> reserved = new CompletableFuture<>();
        waiting.add(reserved);
        startWaiting();
        return reserved;
    }

    private synchronized void startWaiting() {
        Optional<PoolMember> idle = idle();
        while (idle.isPresent() && !waiting.isEmpty()) {
            idle.get().reserve();
            waiting.remove().complete(idle.get());
            idle = idle();
        }
    }

    private Optional<PoolMember> idle() {
        return members.stream().filter(PoolMember::isIdle).findFirst();
    }

    /** Ends a job; returns whether other members run the jobs of this one from now on. */
    private synchronized boolean endOf(PoolMember member, WorkerReply<?> reply) {
        member.release();
        if (member.hasFailed(reply)) {
            renew(member);
        }
        startWaiting();
        return !member.ready;
    }

    private synchronized List<PoolMember> allReady() {
        List<PoolMember> ready = members.stream().filter(member -> member.ready).toList();
        ready.forEach(PoolMember::reserve);
        return ready;
    }

    private synchronized CompletionStage<Void> renewals() {
        return CompletableFuture.allOf(
                members.stream().map(member -> member.renewal).toArray(CompletableFuture[]::new));
    }

    /** Gives a member the networks of another one, unless it is the last that is ready. */
    private void renew(PoolMember member) {
        member.beginRenewal();
        Optional<PoolMember> source =
                members.stream().filter(other -> other.ready).findFirst();
        if (source.isEmpty()) {
            member.ready = true;
            return;
        }
        member.reserve();
        member.renewal = source.get()
                .ask(DistillationEngine::networks)
                .thenCompose(exported -> restored(member, exported))
                .thenApply(restored -> join(member, restored))
                .toCompletableFuture();
    }

    private CompletionStage<WorkerReply<Done>> restored(PoolMember member, WorkerReply<List<NetworkState>> exported) {
        return exported instanceof WorkerReply.Completed<List<NetworkState>>(var networks, var _)
                ? member.ask(done(engine -> engine.restore(networks)))
                : CompletableFuture.completedStage(new WorkerReply.Failed<>("the other engine has failed, too"));
    }

    private synchronized Done join(PoolMember member, WorkerReply<Done> restored) {
        member.release();
        member.ready = restored instanceof WorkerReply.Completed;
        startWaiting();
        return Done.getInstance();
    }
}
