package dev.reverie.actors.worker;

import dev.reverie.actors.Asks;
import dev.reverie.gpu.engine.DistillationEngine;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Scheduler;

/** A worker and what its {@link WorkerPool}, which guards it, knows of it. */
final class PoolMember {

    private final ActorRef<GpuWorkerActor.Job<?>> actor;
    private final Scheduler scheduler;
    private final InstantSource clock;
    private int pending;
    private Instant lastReply = Instant.EPOCH;
    private Instant renewalBegan = Instant.EPOCH;
    /** Whether the engine has the networks of the pool. */
    boolean ready = true;
    /** Gives the engine the networks of another one. */
    CompletableFuture<Done> renewal = CompletableFuture.completedFuture(Done.getInstance());

    PoolMember(ActorRef<GpuWorkerActor.Job<?>> actor, Scheduler scheduler, InstantSource clock) {
        this.actor = actor;
        this.scheduler = scheduler;
        this.clock = clock;
    }

    <T> CompletionStage<WorkerReply<T>> ask(Function<DistillationEngine, T> job) {
        return Asks.ask(actor, replyTo -> new GpuWorkerActor.Job<>(job, replyTo), scheduler);
    }

    /** Notes a job that is about to begin. */
    void reserve() {
        if (pending == 0) {
            lastReply = clock.instant();
        }
        pending++;
    }

    /** Notes the end of a job. */
    void release() {
        lastReply = clock.instant();
        pending--;
    }

    /** The time since the last reply; zero if the worker has no job. */
    Duration silence() {
        return pending == 0 ? Duration.ZERO : Duration.between(lastReply, clock.instant());
    }

    boolean isIdle() {
        return ready && pending == 0;
    }

    /** Whether a reply shows that the engine may have lost its networks, or has not changed them as the others have. */
    boolean hasFailed(WorkerReply<?> reply) {
        return ready && !(reply instanceof WorkerReply.Completed);
    }

    void beginRenewal() {
        ready = false;
        renewalBegan = clock.instant();
    }

    /** Whether a renewal has failed so long ago that another one may succeed. */
    boolean mayBeRenewed() {
        return !ready && renewal.isDone() && GpuWorkerActor.mayRetry(renewalBegan, clock);
    }
}
