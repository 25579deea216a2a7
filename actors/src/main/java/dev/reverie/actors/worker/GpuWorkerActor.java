package dev.reverie.actors.worker;

import dev.reverie.actors.Asks;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.DatasetException;
import dev.reverie.gpu.engine.ClassifyTask;
import dev.reverie.gpu.engine.ClassifyTask.ClassifyOutcome;
import dev.reverie.gpu.engine.DistillationEngine;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.DispatcherSelector;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
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
public final class GpuWorkerActor extends AbstractMatchingBehavior<GpuWorkerActor.Command> {

    /**
     * Dispatcher with a dedicated thread, because jobs block for a long time and engines are confined to one thread.
     */
    public static final DispatcherSelector DISPATCHER = DispatcherSelector.fromConfig("reverie.worker-dispatcher");

    /** Time between two attempts to create an engine, for a driver to restart or another process to free memory. */
    static final Duration RETRY_INTERVAL = Duration.ofSeconds(10);

    private static final double NANOS_PER_SECOND = 1e9;

    /** Lets supervision restart the actor with a new engine; never leaves the actor. */
    private static final class EngineFailedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        EngineFailedException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    public sealed interface Command {}

    /**
     * A computation for the engine. For the first job that names a network, the engine draws it; apart from that, only
     * {@link Train}, {@link AdoptTrained} and {@link RestoreNetworks} change the networks of the engine.
     *
     * @param <T> type of its result
     */
    public sealed interface Job<T> extends Command {
        ActorRef<WorkerReply<T>> replyTo();
    }

    /** Asks for the matching loss of a class and the gradient of the loss. */
    public record Match(MatchTask task, ActorRef<WorkerReply<MatchOutcome>> replyTo) implements Job<MatchOutcome> {}

    /** Trains one of the engine's networks. */
    public record Train(TrainMatchingNetworkTask task, ActorRef<WorkerReply<TrainMatchingNetworkOutcome>> replyTo)
            implements Job<TrainMatchingNetworkOutcome> {}

    /** Trains as {@link Train} does, but on a copy of the network. */
    public record TrainCopy(TrainMatchingNetworkTask task, ActorRef<WorkerReply<TrainedNetwork>> replyTo)
            implements Job<TrainedNetwork> {}

    /** Gives the engine the network that {@link TrainCopy} with the same task has trained, on any engine. */
    public record AdoptTrained(TrainMatchingNetworkTask task, NetworkState trained, ActorRef<WorkerReply<Done>> replyTo)
            implements Job<Done> {}

    /** Asks for a choice among real images of a class. */
    public record Select(SelectTask task, ActorRef<WorkerReply<SelectOutcome>> replyTo) implements Job<SelectOutcome> {}

    /** Asks for the logits of a network for images. */
    public record Classify(ClassifyTask task, ActorRef<WorkerReply<ClassifyOutcome>> replyTo)
            implements Job<ClassifyOutcome> {}

    /** Trains a student on the memory; for methods that match trajectories, later {@link Match} jobs use it. */
    public record Rollout(StudentRolloutTask task, ActorRef<WorkerReply<StudentRolloutOutcome>> replyTo)
            implements Job<StudentRolloutOutcome> {}

    /** Sets the expert that guides the {@link Match} and {@link Select} jobs that follow. */
    public record Guide(GuidanceTask task, ActorRef<WorkerReply<Done>> replyTo) implements Job<Done> {}

    /** Asks for the current state of one network. */
    public record ExportNetwork(NetworkId network, ActorRef<WorkerReply<NetworkState>> replyTo)
            implements Job<NetworkState> {}

    /** Asks for the current states of all networks, oldest first. */
    public record ExportNetworks(ActorRef<WorkerReply<List<NetworkState>>> replyTo)
            implements Job<List<NetworkState>> {}

    /** Replaces all networks of the engine by saved ones. An empty list discards them, so later jobs draw new ones. */
    public record RestoreNetworks(List<NetworkState> states, ActorRef<WorkerReply<Done>> replyTo) implements Job<Done> {
        public RestoreNetworks {
            states = List.copyOf(states);
        }
    }

    private final DistillationEngine engine;
    private final InstantSource clock;
    private final TelemetryListener telemetry;

    private GpuWorkerActor(
            ActorContext<Command> context,
            DistillationEngine engine,
            InstantSource clock,
            TelemetryListener telemetry) {
        super(context);
        this.engine = engine;
        this.clock = clock;
        this.telemetry = telemetry;
    }

    /**
     * Creates a worker that opens its first engine at once.
     *
     * @param engines creates engines; called on the actor's thread, at the start and after each failure
     */
    public static Behavior<Command> create(
            Supplier<DistillationEngine> engines, InstantSource clock, TelemetryListener telemetry) {
        Behavior<Command> worker = Behaviors.setup(context -> withEngine(context, engines, clock, telemetry));
        return Behaviors.supervise(worker)
                .onFailure(
                        EngineFailedException.class,
                        SupervisorStrategy.restart().withLoggingEnabled(false));
    }

    private static Behavior<Command> withEngine(
            ActorContext<Command> context,
            Supplier<DistillationEngine> engines,
            InstantSource clock,
            TelemetryListener telemetry) {
        DistillationEngine engine;
        try {
            engine = engines.get();
        } catch (RuntimeException | LinkageError | OutOfMemoryError cause) {
            return withoutEngine(context, engines, clock, telemetry, cause);
        }
        return new GpuWorkerActor(context, engine, clock, telemetry);
    }

    private static Behavior<Command> withoutEngine(
            ActorContext<Command> context,
            Supplier<DistillationEngine> engines,
            InstantSource clock,
            TelemetryListener telemetry,
            Throwable cause) {
        Instant attempt = clock.instant();
        return Behaviors.receiveMessage(command -> {
            if (!mayRetry(attempt, clock)) {
                switch (command) {
                    case Job<?> job -> replyUnavailable(job, cause);
                }
                return Behaviors.same();
            }
            context.getSelf().tell(command);
            return withEngine(context, engines, clock, telemetry);
        });
    }

    /** Whether the last attempt to create an engine was long enough ago for another one. */
    static boolean mayRetry(Instant lastAttempt, InstantSource clock) {
        return Duration.between(lastAttempt, clock.instant()).compareTo(RETRY_INTERVAL) >= 0;
    }

    private static <T> void replyUnavailable(Job<T> job, Throwable cause) {
        job.replyTo().tell(new WorkerReply.Unavailable<>(cause));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Match job -> run(job, () -> finite(engine.match(job.task())));
            case Train job -> run(job, () -> finite(engine.train(job.task())));
            case TrainCopy job -> run(job, () -> finite(engine.trainCopy(job.task())));
            case AdoptTrained job -> run(job, () -> adopted(job));
            case Select job -> run(job, () -> engine.select(job.task()));
            case Classify job -> run(job, () -> engine.classify(job.task()));
            case Rollout job -> run(job, () -> engine.rollOut(job.task()));
            case Guide job -> run(job, () -> guided(job.task()));
            case ExportNetwork job -> run(job, () -> engine.network(job.network()));
            case ExportNetworks job -> run(job, engine::networks);
            case RestoreNetworks job -> run(job, () -> restored(job.states()));
        }
        return this;
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PreRestart || signal instanceof PostStop) {
            closeEngine();
        }
        return this;
    }

    /**
     * Treats OutOfMemoryError as a failure of the job, since native libraries throw it when native memory runs out. An
     * image that cannot be read is not the engine's fault, so the engine stays.
     */
    private <T> void run(Job<T> job, Supplier<T> computation) {
        Instant begin = clock.instant();
        T outcome;
        try {
            outcome = computation.get();
        } catch (CancellationException cause) {
            job.replyTo().tell(new WorkerReply.Cancelled<>(cause));
            throw new EngineFailedException(Asks.reasonOf(cause), cause);
        } catch (DatasetException cause) {
            job.replyTo().tell(new WorkerReply.Failed<>(Asks.reasonOf(cause)));
            return;
        } catch (RuntimeException | LinkageError | OutOfMemoryError cause) {
            String reason = Asks.reasonOf(cause);
            getContext().getLog().debug("The engine failed", cause);
            telemetry.on(new TelemetryEvent.WorkerRestarted(reason));
            job.replyTo().tell(new WorkerReply.Failed<>(reason));
            throw new EngineFailedException(reason, cause);
        }
        double seconds = Duration.between(begin, clock.instant()).toNanos() / NANOS_PER_SECOND;
        job.replyTo().tell(new WorkerReply.Completed<>(outcome, seconds));
    }

    private static MatchOutcome finite(MatchOutcome outcome) {
        if (!outcome.isFinite()) {
            throw new ArithmeticException("the matching loss or its gradient is not finite");
        }
        return outcome;
    }

    private static TrainMatchingNetworkOutcome finite(TrainMatchingNetworkOutcome outcome) {
        requireFinite(outcome.loss());
        return outcome;
    }

    private static TrainedNetwork finite(TrainedNetwork trained) {
        requireFinite(trained.loss());
        return trained;
    }

    private static void requireFinite(double trainingLoss) {
        if (!Double.isFinite(trainingLoss)) {
            throw new ArithmeticException("the training loss of the network is not finite");
        }
    }

    private Done guided(GuidanceTask task) {
        engine.guide(task);
        return Done.getInstance();
    }

    private Done adopted(AdoptTrained job) {
        engine.adopt(job.task(), job.trained());
        return Done.getInstance();
    }

    private Done restored(List<NetworkState> states) {
        engine.restore(states);
        return Done.getInstance();
    }

    /** Only logs failures, since a broken engine must not prevent the start of the next one. */
    private void closeEngine() {
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
