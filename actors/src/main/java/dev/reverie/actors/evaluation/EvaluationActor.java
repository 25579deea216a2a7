package dev.reverie.actors.evaluation;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Measures the held-out accuracy of the memory at intervals. The actor copies the memory, collects real images that
 * arrive later, trains a network on the copy alone, and tests the network on those images.
 *
 * <p>When a class is forgotten or sealed, the actor discards the copy and the collected images, because they may
 * include images of that class.
 */
public final class EvaluationActor extends AbstractMatchingBehavior<EvaluationActor.Command> {

    public sealed interface Command {}

    /**
     * New samples were accepted, none of them a duplicate.
     *
     * @param received time at which the service received the samples
     */
    public record SamplesAccepted(Instant received, List<Sample> samples) implements Command {
        public SamplesAccepted {
            samples = List.copyOf(samples);
        }
    }

    /** Stops the actor; a training run in progress ends after its current step. */
    public record Stop() implements Command {}

    /** Checks whether the next stage is due. */
    record Tick() implements Command {}

    private record ClassNotified(ClassNotification notification) implements Command {}

    private record MemoryTaken(int attempt, Optional<DistilledSet> memory) implements Command {}

    private record EvaluationCompleted(int attempt, TelemetryEvent.MemoryEvaluated outcome) implements Command {}

    private record EvaluationAborted(int attempt, Throwable cause) implements Command {}

    /**
     * The dependencies of an evaluation actor.
     *
     * @param memory returns a copy of the memory, possibly a recent one; empty if the service has no memory
     * @param intake notifies the actor of forgotten and sealed classes
     * @param threads runs the training, which takes a long time
     * @param telemetry receives the results
     */
    public record Plan(
            EvaluationPolicy policy,
            Supplier<CompletionStage<Optional<DistilledSet>>> memory,
            ActorRef<IntakeActor.Command> intake,
            InstantSource clock,
            Executor threads,
            TelemetryListener telemetry) {}

    private sealed interface Stage {}

    private record Idle(Instant until) implements Stage {}

    private record TakingMemory() implements Stage {}

    private record Collecting(HeldOutImages heldOut) implements Stage {}

    private record Evaluating(DutyCycle dutyCycle) implements Stage {}

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int MIN_CLASSES = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Plan plan;
    private final EvaluationPolicy policy;
    private Stage stage;
    private int attempt;
    private boolean failing;

    private EvaluationActor(ActorContext<Command> context, Plan plan) {
        super(context);
        this.plan = plan;
        this.policy = plan.policy();
        this.stage = new Idle(plan.clock().instant().plus(policy.window()));
        plan.intake()
                .tell(new IntakeActor.Subscribe(context.messageAdapter(ClassNotification.class, ClassNotified::new)));
    }

    /** Creates an actor that waits for one window before it copies the memory for the first time. */
    public static Behavior<Command> create(Plan plan) {
        Behavior<Command> evaluation = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Tick(), TICK);
            return new EvaluationActor(context, plan);
        }));
        return Behaviors.supervise(evaluation).onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case SamplesAccepted(var received, var samples) -> onSamplesAccepted(received, samples);
            case Tick() -> onTick(plan.clock().instant());
            case ClassNotified(var notification) -> onClassNotified(notification);
            case MemoryTaken(var of, var memory) when of == attempt -> onMemoryTaken(memory);
            case EvaluationCompleted(var of, var outcome) when of == attempt -> onEvaluationCompleted(outcome);
            case EvaluationAborted(var of, var cause) when of == attempt -> onEvaluationAborted(cause);
            case MemoryTaken _, EvaluationCompleted _, EvaluationAborted _ -> {} // from a discarded attempt
            case Stop() -> {
                return Behaviors.stopped();
            }
        }
        return this;
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop || signal instanceof PreRestart) {
            discard();
        }
        return this;
    }

    private void onTick(Instant now) {
        switch (stage) {
            case Idle(var until) when !now.isBefore(until) -> takeMemory();
            case Collecting(var heldOut) -> evaluateIfReady(heldOut, Duration.between(heldOut.taken(), now));
            case Idle _, TakingMemory _, Evaluating _ -> {}
        }
    }

    private void takeMemory() {
        stage = new TakingMemory();
        attempt++;
        int current = attempt;
        getContext()
                .pipeToSelf(
                        plan.memory().get(),
                        (memory, failure) -> new MemoryTaken(current, failure == null ? memory : Optional.empty()));
    }

    /** If the memory has fewer than two classes, the next tick copies it again. */
    private void onMemoryTaken(Optional<DistilledSet> memory) {
        Instant now = plan.clock().instant();
        stage = new Idle(now);
        memory.filter(set -> Set.copyOf(set.labels()).size() >= MIN_CLASSES).ifPresent(set -> {
            long capacity = policy.capacity(set);
            if (capacity < policy.minImages()) {
                reportFailure(
                        "the memory is too large to evaluate: together with " + policy.minImages()
                                + " test images, it needs more than " + policy.maxBytes()
                                + " bytes; raise reverie.evaluation.max-bytes or lower"
                                + " reverie.evaluation.min-images",
                        now);
            } else {
                stage = new Collecting(new HeldOutImages(set, now, Math.toIntExact(capacity)));
            }
        });
    }

    private void onSamplesAccepted(Instant received, List<Sample> samples) {
        if (stage instanceof Collecting(var heldOut)) {
            heldOut.add(received, samples);
        }
    }

    private void evaluateIfReady(HeldOutImages heldOut, Duration age) {
        if (heldOut.size() >= policy.minImages() && age.compareTo(policy.window()) >= 0) {
            evaluate(heldOut);
        } else if (heldOut.isOutdated() && age.compareTo(policy.interval()) >= 0) {
            takeMemory();
        }
    }

    private void evaluate(HeldOutImages heldOut) {
        DutyCycle dutyCycle = new DutyCycle(plan.clock(), policy.share());
        stage = new Evaluating(dutyCycle);
        int current = attempt;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> outcome(heldOut, dutyCycle), plan.threads()),
                        (outcome, failure) -> failure == null
                                ? new EvaluationCompleted(current, outcome)
                                : new EvaluationAborted(current, Asks.causeOf(failure)));
    }

    /** Runs on a training thread; no other thread uses the images meanwhile. */
    private TelemetryEvent.MemoryEvaluated outcome(HeldOutImages heldOut, DutyCycle dutyCycle) {
        EvaluationReport report = policy.trainer().trainAndTest(heldOut.memory(), heldOut.test(), dutyCycle);
        return heldOut.outcome(
                report, plan.clock().instant(), dutyCycle.worked().toNanos() / NANOS_PER_SECOND);
    }

    private void onEvaluationCompleted(TelemetryEvent.MemoryEvaluated outcome) {
        failing = false;
        plan.telemetry().on(outcome);
        stage = new Idle(outcome.taken().plus(policy.interval()));
    }

    private void onEvaluationAborted(Throwable cause) {
        String reason =
                Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
        reportFailure(
                "evaluating the memory failed (" + reason
                        + "); the next evaluation begins as usual, so nothing needs to be done unless this recurs",
                plan.clock().instant());
    }

    /** Publishes an event for every failure, but a warning only for the first of consecutive failures. */
    private void reportFailure(String reason, Instant now) {
        plan.telemetry().on(new TelemetryEvent.EvaluationFailed(reason));
        if (!failing) {
            plan.telemetry().on(new TelemetryEvent.Warning(reason));
        }
        failing = true;
        stage = new Idle(now.plus(policy.interval()));
    }

    private void onClassNotified(ClassNotification notification) {
        boolean removesImages =
                switch (notification) {
                    case ClassNotification.ClassForgotten _ -> true;
                    case ClassNotification.PhaseChanged changed -> changed.phase() == ClassPhase.SEALED;
                    case ClassNotification.ClassAdded _, ClassNotification.StoreLoaded _ -> false;
                };
        if (removesImages) {
            discard();
            Instant earliest =
                    plan.clock().instant().plus(policy.window()); // by then, the supplier returns no older copy
            stage = new Idle(stage instanceof Idle(var until) && until.isAfter(earliest) ? until : earliest);
        }
    }

    /** Stops a training run in progress. The results of that run and of a pending copy are ignored. */
    private void discard() {
        attempt++;
        if (stage instanceof Evaluating(var dutyCycle)) {
            dutyCycle.stop();
        }
    }
}
