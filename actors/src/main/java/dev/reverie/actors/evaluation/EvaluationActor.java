package dev.reverie.actors.evaluation;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Finds out at intervals what the memory is worth: takes it as it is, collects images that come from then on, and has a
 * learner, trained on that memory alone, tell what they show. Then it rests until it is time again.
 *
 * <p>When a class is forgotten or sealed, everything is dropped, as it may hold images of it, and begins anew.
 */
public final class EvaluationActor extends AbstractMatchingBehavior<EvaluationActor.Command> {

    public sealed interface Command {}

    /**
     * Tells of images that were accepted, and not seen before.
     *
     * @param came when they came to the door
     */
    public record Accepted(Instant came, List<Sample> samples) implements Command {
        public Accepted {
            samples = List.copyOf(samples);
        }
    }

    /** Ends it, and a learner at its next step. */
    public record Stop() implements Command {}

    /** Looks what is due. */
    record Tick() implements Command {}

    private record Told(ClassNotification news) implements Command {}

    private record Taken(int attempt, Optional<DistilledSet> memory) implements Command {}

    private record Learned(int attempt, TelemetryEvent.MemoryEvaluated outcome) implements Command {}

    private record NotLearned(int attempt, Throwable cause) implements Command {}

    private sealed interface Stage {}

    private record Resting(Instant until) implements Stage {}

    private record Taking() implements Stage {}

    private record Collecting(HeldOutImages heldOut) implements Stage {}

    private record Learning(DutyCycle pace) implements Stage {}

    private static final Duration TICK = Duration.ofSeconds(1);
    private static final int FEWEST_CLASSES = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private final EvaluationPlan plan;
    private final EvaluationPolicy policy;
    private Stage stage;
    private int attempt;
    private boolean failing;

    private EvaluationActor(ActorContext<Command> context, EvaluationPlan plan) {
        super(context);
        this.plan = plan;
        this.policy = plan.policy();
        this.stage = new Resting(plan.clock().instant().plus(policy.window()));
        plan.intake().tell(new IntakeActor.Subscribe(context.messageAdapter(ClassNotification.class, Told::new)));
    }

    /** An evaluation that takes the memory for the first time when its first window is over. */
    public static Behavior<Command> create(EvaluationPlan plan) {
        Behavior<Command> evaluation = Behaviors.setup(context -> Behaviors.withTimers(timers -> {
            timers.startTimerWithFixedDelay(new Tick(), TICK);
            return new EvaluationActor(context, plan);
        }));
        return Behaviors.supervise(evaluation).onFailure(SupervisorStrategy.restart());
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Accepted(var came, var samples) -> onAccepted(came, samples);
            case Tick() -> onTick(plan.clock().instant());
            case Told(var news) -> onTold(news);
            case Taken(var of, var memory) when of == attempt -> onTaken(memory);
            case Learned(var of, var outcome) when of == attempt -> onLearned(outcome);
            case NotLearned(var of, var cause) when of == attempt -> onNotLearned(cause);
            case Taken _, Learned _, NotLearned _ -> {} // of what was dropped
            case Stop() -> {
                return Behaviors.stopped();
            }
        }
        return this;
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof PostStop || signal instanceof PreRestart) {
            drop();
        }
        return this;
    }

    private void onTick(Instant now) {
        switch (stage) {
            case Resting(var until) when !now.isBefore(until) -> take();
            case Collecting(var heldOut) -> look(heldOut, Duration.between(heldOut.taken(), now));
            case Resting _, Taking _, Learning _ -> {}
        }
    }

    private void take() {
        stage = new Taking();
        attempt++;
        int current = attempt;
        getContext()
                .pipeToSelf(
                        plan.memory().get(),
                        (memory, failure) -> new Taken(current, failure == null ? memory : Optional.empty()));
    }

    /** As long as there is nothing to tell apart, it looks again at the next tick. */
    private void onTaken(Optional<DistilledSet> memory) {
        Instant now = plan.clock().instant();
        stage = new Resting(now);
        memory.filter(set -> Set.copyOf(set.labels()).size() >= FEWEST_CLASSES).ifPresent(set -> {
            long room = policy.room(set);
            if (room < policy.minImages()) {
                fail(
                        "the memory and " + policy.minImages() + " images to test it on take up more than the "
                                + policy.maxBytes() + " bytes that an evaluation may: it is not evaluated",
                        now);
            } else {
                stage = new Collecting(new HeldOutImages(set, now, Math.toIntExact(room)));
            }
        });
    }

    private void onAccepted(Instant came, List<Sample> samples) {
        if (stage instanceof Collecting(var heldOut)) {
            heldOut.add(came, samples);
        }
    }

    private void look(HeldOutImages heldOut, Duration age) {
        if (heldOut.size() >= policy.minImages() && age.compareTo(policy.window()) >= 0) {
            learn(heldOut);
        } else if (heldOut.isOutdated() && age.compareTo(policy.interval()) >= 0) {
            take();
        }
    }

    private void learn(HeldOutImages heldOut) {
        DutyCycle pace = new DutyCycle(plan.clock(), policy.share());
        stage = new Learning(pace);
        int current = attempt;
        getContext()
                .pipeToSelf(
                        CompletableFuture.supplyAsync(() -> outcome(heldOut, pace), plan.threads()),
                        (outcome, failure) -> failure == null
                                ? new Learned(current, outcome)
                                : new NotLearned(current, Asks.causeOf(failure)));
    }

    /** On the learner's thread, which has the images to itself. */
    private TelemetryEvent.MemoryEvaluated outcome(HeldOutImages heldOut, DutyCycle pace) {
        EvaluationReport report = policy.learner().learn(heldOut.memory(), heldOut.test(), pace);
        return heldOut.outcome(report, plan.clock().instant(), pace.worked().toNanos() / NANOS_PER_SECOND);
    }

    private void onLearned(TelemetryEvent.MemoryEvaluated outcome) {
        failing = false;
        plan.telemetry().on(outcome);
        stage = new Resting(outcome.taken().plus(policy.interval()));
    }

    private void onNotLearned(Throwable cause) {
        String reason =
                Optional.ofNullable(cause.getMessage()).orElse(cause.getClass().getSimpleName());
        fail("the memory could not be evaluated: " + reason, plan.clock().instant());
    }

    /** Warns of the first failure in a row only. */
    private void fail(String reason, Instant now) {
        plan.telemetry().on(new TelemetryEvent.EvaluationFailed(reason));
        if (!failing) {
            plan.telemetry().on(new TelemetryEvent.Warning(reason));
        }
        failing = true;
        stage = new Resting(now.plus(policy.interval()));
    }

    private void onTold(ClassNotification news) {
        boolean loses =
                switch (news) {
                    case ClassNotification.ClassForgotten _ -> true;
                    case ClassNotification.PhaseChanged changed -> changed.phase() == ClassPhase.SEALED;
                    case ClassNotification.ClassAdded _, ClassNotification.StoreLoaded _ -> false;
                };
        if (loses) {
            drop();
            Instant soonest = plan.clock().instant().plus(policy.window()); // a memory from before may still be around
            stage = new Resting(stage instanceof Resting(var until) && until.isAfter(soonest) ? until : soonest);
        }
    }

    /** Whatever is under way will come to nothing. */
    private void drop() {
        attempt++;
        if (stage instanceof Learning(var pace)) {
            pace.stop();
        }
    }
}
