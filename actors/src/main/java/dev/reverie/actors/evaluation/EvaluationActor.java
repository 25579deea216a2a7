package dev.reverie.actors.evaluation;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
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
 * Measures the held-out accuracy of the memory at intervals. The actor copies the memory, trains a network on the copy
 * alone, and tests the network on the images that the classes set aside. It measures before the interval has passed if
 * other classes can be tested than last time or the memory has more classes, unless the last evaluation failed.
 *
 * <p>When a class joins the memory during an evaluation, the actor begins again with a new copy, because the result
 * would be that of an easier task. The evaluation that follows is completed even if another class joins, and an
 * evaluation of other classes makes no pauses, so that there are results while classes keep arriving.
 *
 * <p>When a class is forgotten or sealed, the actor discards the copy and the test images, because they may include
 * images of that class.
 */
public final class EvaluationActor extends AbstractMatchingBehavior<EvaluationActor.Command> {

    public sealed interface Command extends NoSerializationVerificationNeeded {}

    /** Stops the actor; a training run in progress ends after its current step. */
    public record Stop() implements Command {}

    /** Checks whether the next stage is due. */
    record Tick() implements Command {}

    private record ClassNotified(ClassNotification notification) implements Command {}

    /** Goes on with an attempt after an asynchronous step. */
    private record Continue(int attempt, Runnable next) implements Command {}

    /**
     * The dependencies of an evaluation actor.
     *
     * @param memory returns a copy of the memory, possibly a recent one; empty if the service has no memory
     * @param testImages returns the images that the classes set aside, in random order, by class index
     * @param intake notifies the actor of forgotten and sealed classes
     * @param clock tells when the memory was evaluated
     * @param threads runs the training, which takes a long time
     */
    public record Plan(
            EvaluationPolicy policy,
            Supplier<CompletionStage<Optional<DistilledSet>>> memory,
            Supplier<CompletionStage<Map<Integer, List<Image>>>> testImages,
            ActorRef<IntakeActor.Command> intake,
            InstantSource clock,
            SteadyClock steadyClock,
            Executor threads,
            TelemetryListener telemetry) {

        public Plan reportingTo(TelemetryListener other) {
            return new Plan(policy, memory, testImages, intake, clock, steadyClock, threads, other);
        }
    }

    private sealed interface Stage {}

    private record Idle(Instant until) implements Stage {}

    private record Reading() implements Stage {}

    private record Evaluating(DutyCycle dutyCycle) implements Stage {}

    private static final Duration TICK = Duration.ofSeconds(1);
    /** Pause before the evaluation of a memory that has more classes: often, others join in the same moments. */
    private static final Duration SETTLING = Duration.ofSeconds(5);

    private static final int MIN_CLASSES = 2;
    private static final double NANOS_PER_SECOND = 1e9;

    private final Plan plan;
    private final EvaluationPolicy policy;
    private Stage stage;
    /** The classes that could be tested last time. */
    private Set<Integer> tested = Set.of();
    /** The classes of the last copy of the memory. */
    private Set<Integer> copied = Set.of();
    /** Whether a class has joined the memory since that copy. */
    private boolean joined;
    /** Whether the current evaluation has other classes than the last one. */
    private boolean urgent;
    /** Whether the last evaluation was abandoned because a class had joined. */
    private boolean overtaken;

    /** Time of the next evaluation of the same classes. */
    private Instant due = Instant.EPOCH;

    /** Number of the current attempt; what remains of an earlier one is ignored. */
    private int attempt;

    private boolean failing;

    private EvaluationActor(ActorContext<Command> context, Plan plan) {
        super(context);
        this.plan = plan;
        this.policy = plan.policy();
        this.stage = new Idle(now().plus(policy.window()));
        plan.intake()
                .tell(new IntakeActor.Subscribe(context.messageAdapter(ClassNotification.class, ClassNotified::new)));
    }

    /** Creates an actor that waits for one window before it evaluates the memory for the first time. */
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
            case Tick() -> onTick(now());
            case ClassNotified(var notification) -> onClassNotified(notification);
            case Continue(var of, var next) when of == attempt -> next.run();
            case Continue _ -> {} // from a discarded attempt
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
        if (stage instanceof Idle(var until) && !now.isBefore(until)) {
            stage = new Reading();
            attempt++;
            then(plan.testImages().get(), this::onTestImagesRead, this::onReadFailed);
        }
    }

    private <T> void then(CompletionStage<T> step, Consumer<T> next, Consumer<Throwable> failed) {
        int current = attempt;
        Asks.<Command, T>pipeToSelf(
                getContext(),
                step,
                result -> new Continue(current, () -> next.accept(result)),
                cause -> new Continue(current, () -> failed.accept(cause)));
    }

    /** Continues if an evaluation is due, or if the memory or the test has other classes than last time. */
    private void onTestImagesRead(Map<Integer, List<Image>> images) {
        Map<Integer, List<Image>> enough = new TreeMap<>(images);
        enough.values().removeIf(each -> each.size() < policy.minImages());
        Instant now = now();
        if (enough.isEmpty() || (!joined && enough.keySet().equals(tested) && now.isBefore(due))) {
            stage = new Idle(now.plus(policy.window()));
            return;
        }
        urgent = joined || !enough.keySet().equals(tested);
        joined = false;
        then(plan.memory().get(), memory -> onMemoryTaken(memory, enough), this::onReadFailed);
    }

    /** A service that starts, or whose classes move, often cannot read all images yet, so this is not a failure. */
    private void onReadFailed(Throwable cause) {
        getContext().getLog().debug("The evaluation waits, because images could not be read", cause);
        stage = new Idle(now().plus(policy.window()));
    }

    /** Evaluates the memory if it has at least two classes, and test images of one. */
    private void onMemoryTaken(Optional<DistilledSet> memory, Map<Integer, List<Image>> images) {
        Instant now = now();
        stage = new Idle(now.plus(policy.window()));
        copied = memory.map(set -> Set.copyOf(set.parameterLabels())).orElse(Set.of());
        memory.filter(set -> Set.copyOf(set.labels()).size() >= MIN_CLASSES)
                .map(set -> TestSet.of(set, plan.clock().instant(), images))
                .filter(testSet -> testSet.classes() > 0)
                .ifPresent(testSet -> {
                    tested = Set.copyOf(images.keySet());
                    due = now.plus(policy.interval());
                    evaluateIfItFits(testSet);
                });
    }

    private void evaluateIfItFits(TestSet testSet) {
        long imagesPerClass = policy.capacity(testSet.memory()) / testSet.classes();
        if (imagesPerClass > 0) {
            evaluate(testSet.limitedTo(Math.toIntExact(imagesPerClass)));
        } else {
            reportFailure("the memory is too large to evaluate: together with one test image of each class, it needs"
                    + " more than " + policy.maxBytes() + " bytes or " + policy.maxImages()
                    + " test images; raise reverie.evaluation.max-bytes or reverie.evaluation.max-images");
        }
    }

    private void evaluate(TestSet testSet) {
        DutyCycle dutyCycle = new DutyCycle(plan.steadyClock(), urgent ? 1 : policy.coreShare());
        stage = new Evaluating(dutyCycle);
        Instant begin = now();
        then(
                CompletableFuture.supplyAsync(() -> outcome(testSet, dutyCycle), plan.threads()),
                outcome -> onEvaluationCompleted(outcome, begin),
                this::onEvaluationAborted);
    }

    /** Runs on a training thread; no other thread uses the images meanwhile. */
    private TelemetryEvent.MemoryEvaluated outcome(TestSet testSet, DutyCycle dutyCycle) {
        EvaluationReport report = policy.trainer().trainAndTest(testSet.memory(), testSet.labelled(), dutyCycle);
        return testSet.outcome(
                report, plan.clock().instant(), dutyCycle.worked().toNanos() / NANOS_PER_SECOND);
    }

    private void onEvaluationCompleted(TelemetryEvent.MemoryEvaluated outcome, Instant begin) {
        failing = false;
        overtaken = false;
        plan.telemetry().on(outcome);
        stage = new Idle(begin.plus(policy.window()));
    }

    private void onEvaluationAborted(Throwable cause) {
        getContext().getLog().debug("The evaluation failed", cause);
        reportFailure("evaluating the memory failed (" + Asks.reasonOf(cause)
                + "); the next evaluation begins as usual, so nothing needs to be done unless this recurs");
    }

    /** Publishes an event for every failure, but a warning only for the first of consecutive failures. */
    private void reportFailure(String reason) {
        plan.telemetry().on(new TelemetryEvent.EvaluationFailed(reason));
        if (!failing) {
            plan.telemetry().on(new TelemetryEvent.Warning(reason));
        }
        failing = true;
        stage = new Idle(due);
    }

    private void onClassNotified(ClassNotification notification) {
        switch (notification) {
            case ClassNotification.ClassForgotten _ -> onImagesRemoved();
            case ClassNotification.PhaseChanged(var info) -> {
                switch (info.phase()) {
                    case SEALED -> onImagesRemoved();
                    case DISTILLING -> onClassLearning(info.index());
                    case COLLECTING, CONVERGED -> {}
                }
            }
            case ClassNotification.ClassAdded _, ClassNotification.StoreLoaded _ -> {}
        }
    }

    private void onImagesRemoved() {
        discard();
        tested = Set.of();
        Instant earliest = now().plus(policy.window()); // by then, the supplier returns no older copy
        stage = new Idle(stage instanceof Idle(var until) && until.isAfter(earliest) ? until : earliest);
    }

    /** A class learns when it has joined the memory, and again when it has drifted. */
    private void onClassLearning(int classIndex) {
        if (copied.contains(classIndex)) {
            return;
        }
        joined = true;
        if (stage instanceof Evaluating && !overtaken) {
            discard();
            overtaken = true;
            stage = new Idle(now().plus(SETTLING));
        }
    }

    private Instant now() {
        return plan.steadyClock().instant();
    }

    /** Stops a training run in progress. The results of that run and of a pending copy are ignored. */
    private void discard() {
        attempt++;
        if (stage instanceof Evaluating(var dutyCycle)) {
            dutyCycle.stop();
        }
    }
}
