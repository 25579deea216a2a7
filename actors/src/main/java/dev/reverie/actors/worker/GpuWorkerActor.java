package dev.reverie.actors.worker;

import dev.reverie.actors.Asks;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.MatchTask.MatchOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainedNetwork;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Owns one engine, runs jobs on it one at a time, and replies to each job exactly once. If a job throws an exception or
 * computes a value that is not finite, the reply is {@link WorkerReply.Failed}, and the engine is replaced by a new
 * one. If a job is cancelled, the reply is {@link WorkerReply.Cancelled}, and the engine is replaced as well. While no
 * engine can be created, the reply is {@link WorkerReply.Unavailable}; the first job after {@link #RETRY_INTERVAL}
 * triggers another attempt.
 */
public final class GpuWorkerActor extends AbstractMatchingBehavior<GpuWorkerActor.Job<?>> {

    /**
     * Dispatcher with a dedicated thread, because jobs block for a long time and engines are confined to one thread.
     */
    public static final DispatcherSelector DISPATCHER = DispatcherSelector.fromConfig("reverie.worker-dispatcher");

    /** Time between two attempts to create an engine, for a driver to restart or another process to free memory. */
    static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

    private static final double NANOS_PER_SECOND = 1e9;

    /**
     * A computation for the engine.
     *
     * @param <T> type of its result
     */
    public record Job<T>(Function<DistillationEngine, T> computation, ActorRef<WorkerReply<T>> replyTo) {}

    private sealed interface State {}

    private record Ready(DistillationEngine engine) implements State {}

    /** The last attempt to create an engine has failed. */
    private record WithoutEngine(Throwable cause, Instant attempt) implements State {}

    private final Supplier<DistillationEngine> engines;
    private final InstantSource clock;
    private final TelemetryListener telemetry;
    private State state;

    private GpuWorkerActor(
            ActorContext<Job<?>> context,
            Supplier<DistillationEngine> engines,
            InstantSource clock,
            TelemetryListener telemetry) {
        super(context);
        this.engines = engines;
        this.clock = clock;
        this.telemetry = telemetry;
        this.state = open();
    }

    /**
     * Creates a worker that opens its first engine at once.
     *
     * @param engines creates engines; called on the actor's thread, at the start and after each failure
     */
    public static Behavior<Job<?>> create(
            Supplier<DistillationEngine> engines, InstantSource clock, TelemetryListener telemetry) {
        return Behaviors.setup(context -> new GpuWorkerActor(context, engines, clock, telemetry));
    }

    private State open() {
        try {
            return new Ready(engines.get());
        } catch (RuntimeException | LinkageError | OutOfMemoryError cause) {
            return new WithoutEngine(cause, clock.instant());
        }
    }

    /** Whether the last attempt to create an engine was long enough ago for another one. */
    static boolean mayRetry(Instant lastAttempt, InstantSource clock) {
        return Duration.between(lastAttempt, clock.instant()).compareTo(RETRY_INTERVAL) >= 0;
    }

    @Override
    public Behavior<Job<?>> onMessage(Job<?> job) {
        if (state instanceof WithoutEngine(var _, var attempt) && mayRetry(attempt, clock)) {
            state = open();
        }
        run(job);
        return this;
    }

    @Override
    public Behavior<Job<?>> onSignal(Signal signal) {
        if (signal instanceof PostStop && state instanceof Ready(var engine)) {
            close(engine);
        }
        return this;
    }

    private <T> void run(Job<T> job) {
        switch (state) {
            case Ready(var engine) -> run(job, engine);
            case WithoutEngine(var cause, var _) -> job.replyTo().tell(new WorkerReply.Unavailable<>(cause));
        }
    }

    /**
     * Treats OutOfMemoryError as a failure of the job, since native libraries throw it when native memory runs out. An
     * image that cannot be read is not the engine's fault, so the engine stays.
     */
    private <T> void run(Job<T> job, DistillationEngine engine) {
        Instant begin = clock.instant();
        try {
            T outcome = job.computation().apply(engine);
            requireFinite(outcome);
            double seconds = Duration.between(begin, clock.instant()).toNanos() / NANOS_PER_SECOND;
            job.replyTo().tell(new WorkerReply.Completed<>(outcome, seconds));
        } catch (CancellationException cause) {
            job.replyTo().tell(new WorkerReply.Cancelled<>(cause));
            replace(engine);
        } catch (DatasetException cause) {
            job.replyTo().tell(new WorkerReply.Failed<>(Asks.reasonOf(cause)));
        } catch (RuntimeException | LinkageError | OutOfMemoryError cause) {
            String reason = Asks.reasonOf(cause);
            getContext().getLog().debug("The engine failed", cause);
            telemetry.on(new TelemetryEvent.WorkerRestarted(reason));
            job.replyTo().tell(new WorkerReply.Failed<>(reason));
            replace(engine);
        }
    }

    private static void requireFinite(Object outcome) {
        switch (outcome) {
            case MatchOutcome step
            when !step.isFinite() -> throw new ArithmeticException("the matching loss or its gradient is not finite");
            case TrainMatchingNetworkOutcome(var loss) -> requireFiniteLoss(loss);
            case TrainedNetwork(var loss, var _) -> requireFiniteLoss(loss);
            default -> {} // whoever asked looks at it
        }
    }

    private static void requireFiniteLoss(double loss) {
        if (!Double.isFinite(loss)) {
            throw new ArithmeticException("the training loss of the network is not finite");
        }
    }

    private void replace(DistillationEngine broken) {
        close(broken);
        state = open();
    }

    /** Only logs failures, since a broken engine must not prevent the start of the next one. */
    private void close(DistillationEngine engine) {
        try {
            engine.close();
        } catch (RuntimeException | LinkageError | OutOfMemoryError cause) {
            getContext()
                    .getLog()
                    .warn(
                            "An engine could not be closed and may keep memory; restart the process if memory runs out",
                            cause);
        }
    }
}
