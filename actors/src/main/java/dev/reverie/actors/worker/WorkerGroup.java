package dev.reverie.actors.worker;

import dev.reverie.actors.Asks;
import dev.reverie.gpu.engine.NetworkState;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/**
 * The workers of a run or a service, each with an engine of its own, for example some per GPU. All engines hold the
 * same networks: a job that changes networks runs on every engine, and any other on one that is free.
 *
 * <p>An engine that replaces a failed one has lost its networks. It gets those of another engine before it takes part
 * again; until then, and while it cannot be created, the other engines run its jobs. Thread safe.
 */
final class WorkerGroup {

    private final List<Member> members;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private final Queue<CompletableFuture<Member>> waiting = new ArrayDeque<>();

    /** A worker and what the group knows of it; guarded by the group. */
    private static final class Member {

        private final ActorRef<GpuWorkerActor.Command> actor;
        private int pending;
        private Instant lastReply = Instant.EPOCH;
        private boolean ready = true;
        private Instant renewalBegan = Instant.EPOCH;
        private CompletableFuture<Done> renewal = CompletableFuture.completedFuture(Done.getInstance());

        Member(ActorRef<GpuWorkerActor.Command> actor) {
            this.actor = actor;
        }
    }

    /**
     * Creates a group.
     *
     * @param workers at least one
     * @param clock measures {@link #silence}, and the time between two attempts to use a worker without an engine
     */
    WorkerGroup(List<ActorRef<GpuWorkerActor.Command>> workers, Scheduler scheduler, InstantSource clock) {
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("a group needs at least one worker");
        }
        this.members = workers.stream().map(Member::new).toList();
        this.scheduler = scheduler;
        this.clock = clock;
    }

    /** Number of workers. */
    int count() {
        return members.size();
    }

    /** The longest time for which a worker has had jobs without replying to any; zero if no worker has a job. */
    synchronized Duration silence() {
        Instant now = clock.instant();
        return members.stream()
                .filter(member -> member.pending > 0)
                .map(member -> Duration.between(member.lastReply, now))
                .max(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
    }

    private void reserve(Member member) {
        if (member.pending == 0) {
            member.lastReply = clock.instant();
        }
        member.pending++;
    }

    private void release(Member member) {
        member.lastReply = clock.instant();
        member.pending--;
    }

    /** Runs a job on one engine: another one if the first cannot be created. */
    <T> CompletionStage<WorkerReply<T>> one(Function<ActorRef<WorkerReply<T>>, GpuWorkerActor.Command> job) {
        return free().thenCompose(
                        member -> Asks.ask(member.actor, job, scheduler).thenCompose(reply -> {
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
    <T> CompletionStage<WorkerReply<T>> each(Function<ActorRef<WorkerReply<T>>, GpuWorkerActor.Command> job) {
        return renewals().thenCompose(settled -> {
            List<Member> asked = allReady();
            return Asks.all(asked.stream()
                            .map(member -> Asks.ask(member.actor, job, scheduler))
                            .toList())
                    .thenApply(replies -> combined(asked, replies));
        });
    }

    /** Ends a job on every engine, and returns its result. */
    private synchronized <T> WorkerReply<T> combined(List<Member> asked, List<WorkerReply<T>> replies) {
        asked.forEach(this::release);
        Optional<WorkerReply<T>> completed = first(WorkerReply.Completed.class, replies);
        if (completed.isPresent()) { // if all have failed, they are alike again
            List<Member> failed = IntStream.range(0, asked.size())
                    .filter(i -> hasFailed(asked.get(i), replies.get(i)))
                    .mapToObj(asked::get)
                    .toList();
            failed.forEach(member -> member.ready = false); // none of them can give another one its networks
            failed.forEach(this::renew);
        }
        startWaiting();
        return result(replies, completed);
    }

    private static <T> WorkerReply<T> result(List<WorkerReply<T>> replies, Optional<WorkerReply<T>> completed) {
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
    private synchronized CompletionStage<Member> free() {
        if (members.size() == 1) {
            reserve(members.getFirst());
            return CompletableFuture.completedStage(members.getFirst());
        }
        members.stream()
                .filter(member ->
                        !member.ready && member.renewal.isDone() && GpuWorkerActor.mayRetry(member.renewalBegan, clock))
                .forEach(this::renew);
        CompletableFuture<Member> reserved = new CompletableFuture<>();
        waiting.add(reserved);
        startWaiting();
        return reserved;
    }

    private synchronized void startWaiting() {
        Optional<Member> idle = idle();
        while (idle.isPresent() && !waiting.isEmpty()) {
            reserve(idle.get());
            waiting.remove().complete(idle.get());
            idle = idle();
        }
    }

    private Optional<Member> idle() {
        return members.stream()
                .filter(member -> member.ready && member.pending == 0)
                .findFirst();
    }

    /** Ends a job; returns whether other members run the jobs of this one from now on. */
    private synchronized boolean endOf(Member member, WorkerReply<?> reply) {
        release(member);
        if (hasFailed(member, reply)) {
            renew(member);
        }
        startWaiting();
        return !member.ready;
    }

    private synchronized List<Member> allReady() {
        List<Member> ready = members.stream().filter(member -> member.ready).toList();
        ready.forEach(this::reserve);
        return ready;
    }

    private synchronized CompletionStage<Void> renewals() {
        return CompletableFuture.allOf(
                members.stream().map(member -> member.renewal).toArray(CompletableFuture[]::new));
    }

    private static boolean hasFailed(Member member, WorkerReply<?> reply) {
        return member.ready && !(reply instanceof WorkerReply.Completed);
    }

    /** Gives a member the networks of another one, unless it is the last that is ready. */
    private void renew(Member member) {
        member.ready = false;
        member.renewalBegan = clock.instant();
        Optional<Member> source = members.stream().filter(other -> other.ready).findFirst();
        if (source.isEmpty()) {
            member.ready = true;
            return;
        }
        reserve(member);
        member.renewal = Asks.ask(source.get().actor, GpuWorkerActor.ExportNetworks::new, scheduler)
                .thenCompose(exported -> restored(member, exported))
                .thenApply(restored -> join(member, restored))
                .toCompletableFuture();
    }

    private CompletionStage<WorkerReply<Done>> restored(Member member, WorkerReply<List<NetworkState>> exported) {
        return switch (exported) {
            case WorkerReply.Completed<List<NetworkState>> networks ->
                Asks.ask(
                        member.actor,
                        replyTo -> new GpuWorkerActor.RestoreNetworks(networks.outcome(), replyTo),
                        scheduler);
            case WorkerReply<List<NetworkState>> _ ->
                CompletableFuture.completedStage(new WorkerReply.Failed<>("the other engine has failed, too"));
        };
    }

    private synchronized Done join(Member member, WorkerReply<Done> restored) {
        release(member);
        member.ready = restored instanceof WorkerReply.Completed;
        startWaiting();
        return Done.getInstance();
    }
}
