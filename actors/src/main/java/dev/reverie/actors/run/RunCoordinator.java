package dev.reverie.actors.run;

import dev.reverie.actors.checkpoint.RunCheckpoint;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.loop.InnerLoopDriver;
import dev.reverie.actors.loop.LoopCommand;
import dev.reverie.actors.loop.PausableClock;
import dev.reverie.actors.loop.TimeLimitClock;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import dev.reverie.gpu.engine.TrainMatchingNetworkTask.TrainMatchingNetworkOutcome;
import dev.reverie.gpu.joint.StudentLearningRate;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Runs the outer iterations and inner loops of one run, from the first images or a checkpoint to the distilled set.
 *
 * <p>Between two loops, the coordinator does the following, in this order: it trains the network; saves a checkpoint if
 * one is due; evaluates the set if this is due; ends the run if it is complete, stopped or out of time; and refreshes
 * the representatives that are due.
 */
public final class RunCoordinator extends AbstractMatchingBehavior<RunCommand> {

    private final RunPlan plan;
    private final RunActors actors;
    private final RunClasses classes;
    private final RunNetworks networks;
    private final TimeLimitClock clock;
    private final TelemetryListener telemetry;
    private final Checkpointer checkpointer;
    private final RunEnding endings;
    private final TimeLimitPlan pace;
    private final RunEvaluation evaluation;
    /** Completes when the run has ended and the last telemetry event was delivered. */
    private final CompletableFuture<RunCommand.Outcome> outcome = new CompletableFuture<>();

    private final LoopPreparation preparation;
    private final InnerLoopDriver<RunCommand> loops;
    private LoopPosition position;
    /** When the class steps of the current loop began. */
    private Instant opened = Instant.EPOCH;

    private Optional<Ending> ending = Optional.empty();
    private boolean concluded;

    private RunCoordinator(
            ActorContext<RunCommand> context,
            RunPlan plan,
            List<Supplier<DistillationEngine>> engines,
            InstantSource source,
            List<TelemetryListener> listeners) {
        super(context);
        this.plan = plan;
        PausableClock time = new PausableClock(source);
        this.actors = new RunActors(context, plan, engines, time, listeners);
        this.classes = new RunClasses(plan, actors);
        this.networks = new RunNetworks(plan, actors, classes.all());
        this.clock = new TimeLimitClock(time, plan.timeLimit());
        this.endings = new RunEnding(plan.settings(), clock);
        this.pace = new TimeLimitPlan(plan.settings());
        this.telemetry = actors.telemetry();
        Optional<LoopPosition> resumedAt = plan.resumed().map(RunCheckpoint::position);
        this.position = resumedAt.orElse(LoopPosition.START);
        this.checkpointer = new Checkpointer(plan.storage(), resumedAt, clock, telemetry, actors.blocking());
        this.evaluation = new RunEvaluation(plan.evaluation(), time, clock, telemetry, actors.blocking());
        LoopSteps steps = new LoopSteps();
        this.preparation = new LoopPreparation(actors, classes, networks, steps);
        this.loops = new InnerLoopDriver<>(context, RunCommand.WrappedLoopCommand::new, steps, clock, telemetry);
    }

    /**
     * Creates a coordinator that starts its run at once.
     *
     * @param engines one for each worker, which creates its engines on its thread
     * @param listeners receive every event, in the order of this list
     */
    public static Behavior<RunCommand> create(
            RunPlan plan,
            List<Supplier<DistillationEngine>> engines,
            InstantSource source,
            List<TelemetryListener> listeners) {
        return Behaviors.setup(context -> {
            RunCoordinator coordinator = new RunCoordinator(context, plan, engines, source, listeners);
            coordinator.start();
            return coordinator;
        });
    }

    @Override
    public Behavior<RunCommand> onMessage(RunCommand command) {
        switch (command) {
            case RunCommand.WrappedLoopCommand(LoopCommand.NextVisit request) -> loops.on(request);
            case RunCommand.AwaitOutcome(var replyTo) -> {
                var _ = outcome.thenAccept(replyTo::tell);
            }
            case RunCommand late
            when concluded -> getContext().getLog().debug("Ignored after the end of the run: {}", late);
            case RunCommand.Stop() -> stop();
            case RunCommand.Abort(var cause) -> conclude(new RunCommand.Failed(cause));
            case RunCommand.Continue(var next) -> next.run();
            case RunCommand.WrappedLoopCommand(var report) -> loops.on(report);
        }
        return this;
    }

    @Override
    public Behavior<RunCommand> onSignal(Signal signal) {
        if (signal instanceof ChildFailed failed && !concluded) {
            conclude(new RunCommand.Failed(failed.cause()));
        }
        return this;
    }

    private void start() {
        List<String> names = plan.classes().stream().map(ClassImages::name).toList();
        telemetry.on(new TelemetryEvent.RunStarted(plan.settings(), names, position.outer(), position.inner()));
        NetworkId network = networks.at(LoopPosition.START);
        actors.then(
                networks.prepare()
                        .thenCompose(done -> classes.initialise(network))
                        .thenCompose(done -> networks.confirmSelection()),
                done -> {
                    classes.announce();
                    saveIf(checkpointer.isDue(position));
                });
    }

    private void stop() {
        endings.stop();
        evaluation.stop();
    }

    /** Evaluates the set if this is due. Then ends the run if it must end; otherwise begins the next loop. */
    private void proceed() {
        ending = endings.before(position);
        if (evaluation.isDue(position, ending.isPresent())) {
            ending = Optional.empty();
            actors.then(evaluation.evaluate(() -> classes.distilledSet(networks.at(LoopPosition.START))), accuracy -> {
                evaluation.completed(position, accuracy);
                proceed();
            });
        } else if (ending.isPresent()) {
            saveIf(checkpointer.isMissing(position));
        } else {
            beginLoop();
        }
    }

    private void beginLoop() {
        loops.begin(position, classes.visits(position, pace.mostReal()));
        opened = clock.now();
        if (position.inner() == 0) {
            classes.clamp();
        }
        preparation.begin(position);
    }

    /** Continues the run when its loop is prepared, trained or closed. */
    private final class LoopSteps implements LoopPreparation.Owner, InnerLoopDriver.LoopOwner {

        @Override
        public boolean mustEnd() {
            return endings.isUrgent();
        }

        @Override
        public void onPrepared(double seconds) {
            opened = clock.now();
            loops.open(seconds);
        }

        @Override
        public void onSkipped() {
            loops.close();
        }

        @Override
        public void onIncompleteNetwork(boolean begun) {
            loops.abandon();
            if (begun && clock.limitHasPassed()) {
                telemetry.on(new TelemetryEvent.Warning("the time limit passed while a new network was trained, and a"
                        + " resumed run trains it from the start: raise --time-limit"));
            }
            proceed();
        }

        @Override
        public Optional<CompletionStage<WorkerReply.Result<TrainMatchingNetworkOutcome>>> train() {
            return networks.train(position);
        }

        @Override
        public void onTrainingFailed(Throwable cause) {
            conclude(new RunCommand.Failed(cause));
        }

        @Override
        public void onLoopClosed(boolean matched) {
            position = position.next(plan.settings().schedule().innerLoops());
            clock.secondsLeft().ifPresent(left -> pace.afterLoop(position, clock.secondsSince(opened), left)
                    .ifPresent(warning -> telemetry.on(new TelemetryEvent.Warning(warning))));
            endings.afterLoop(matched)
                    .ifPresentOrElse(
                            failure -> conclude(new RunCommand.Failed(failure)),
                            () -> saveIf(checkpointer.isDue(position)));
        }
    }

    private void saveIf(boolean wanted) {
        if (wanted) {
            actors.then(
                    checkpointer.save(storage -> classes.checkpoint(storage, position, networks)),
                    done -> onCheckpointSaved(),
                    this::onCheckpointFailed);
        } else {
            proceedOrFinish();
        }
    }

    private void onCheckpointSaved() {
        checkpointer.saved(position);
        proceedOrFinish();
    }

    private void onCheckpointFailed(Throwable cause) {
        if (checkpointer.tolerates(cause)) {
            proceedOrFinish();
        } else {
            conclude(new RunCommand.Failed(cause));
        }
    }

    private void proceedOrFinish() {
        ending.ifPresentOrElse(this::finish, this::proceed);
    }

    private void finish(Ending reason) {
        actors.then(
                classes.distilledSet(networks.at(LoopPosition.START)),
                set -> actors.then(networks.observer(), observer -> {
                    telemetry.on(new TelemetryEvent.RunEnded(
                            reason, position.outer(), position.inner(), clock.secondsSinceStart()));
                    conclude(new DistillationResult(
                            reason,
                            set,
                            position,
                            !checkpointer.isMissing(position),
                            networks.studentRate().map(StudentLearningRate::value),
                            observer));
                }));
    }

    private void conclude(RunCommand.Outcome result) {
        concluded = true;
        loops.end();
        actors.flushTelemetry().whenComplete((_, _) -> outcome.complete(result));
    }
}
