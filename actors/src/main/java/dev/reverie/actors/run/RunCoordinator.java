package dev.reverie.actors.run;

import dev.reverie.actors.Asks;
import dev.reverie.actors.DistillationException;
import dev.reverie.actors.checkpoint.Checkpoint;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.ClassRef;
import dev.reverie.actors.clustering.ClusteringActor;
import dev.reverie.actors.loop.InnerLoop;
import dev.reverie.actors.loop.RunClock;
import dev.reverie.actors.loop.VisitCommand;
import dev.reverie.actors.loop.VisitDemand;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.engine.RolloutOutcome;
import dev.reverie.gpu.engine.TrainOutcome;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.ChildFailed;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Runs the outer and inner loops. Whoever matches asks for one visit after the other and reports what came of each; the
 * answer is withheld while something else has to be done first: representatives, the network's training, a checkpoint.
 * So the demand for visits is the only clock.
 *
 * <p>Between two loops, in this order: the network trains, the state is saved if that is due, the run ends if it must,
 * new classes join, representatives that are due are chosen.
 */
public final class RunCoordinator extends AbstractMatchingBehavior<RunCommand> {

    /** Inner loops in a row without a single class step that succeeded, after which there is no point in more. */
    private static final int MOST_FRUITLESS = 10;

    private final RunPlan plan;
    private final RunActors crew;
    private final RunClasses roster;
    private final RunClock clock;
    private final TelemetryListener telemetry;
    private final Checkpointer keeper;
    private final JoinQueue applicants;
    private final RunEnding conclusion = new RunEnding();
    private final VisitDemand demand = new VisitDemand();
    private Optional<InnerLoop> loop = Optional.empty();
    private LoopPosition position;
    private Optional<Ending> ending = Optional.empty();
    private boolean stopping;
    private int fruitless;

    private RunCoordinator(
            ActorContext<RunCommand> context,
            RunPlan plan,
            Supplier<DistillationEngine> engines,
            InstantSource source,
            List<TelemetryListener> listeners) {
        super(context);
        this.plan = plan;
        this.crew = new RunActors(context, plan, engines, source, listeners);
        this.roster = new RunClasses(plan, crew);
        this.clock = new RunClock(source, plan.timeLimit());
        this.telemetry = crew.telemetry();
        this.applicants = new JoinQueue(plan);
        Optional<LoopPosition> resumedAt = plan.resumed().map(Checkpoint::position);
        this.position = resumedAt.orElse(LoopPosition.START);
        this.keeper = new Checkpointer(plan.storage(), resumedAt, clock, telemetry, crew.blocking());
    }

    /**
     * A coordinator that begins at once.
     *
     * @param engines makes the worker's engines, on the worker's thread
     * @param source the clock of all durations and limits
     * @param listeners get every event, in this order, from one thread
     */
    public static Behavior<RunCommand> create(
            RunPlan plan,
            Supplier<DistillationEngine> engines,
            InstantSource source,
            List<TelemetryListener> listeners) {
        return Behaviors.setup(context -> {
            RunCoordinator coordinator = new RunCoordinator(context, plan, engines, source, listeners);
            coordinator.begin();
            return coordinator;
        });
    }

    @Override
    public Behavior<RunCommand> onMessage(RunCommand command) {
        switch (command) {
            case RunCommand.Visiting(VisitCommand.NextVisit(var replyTo)) -> onNextVisit(replyTo);
            case RunCommand.AddClass request -> applicants.add(request, roster.members());
            case RunCommand.AwaitOutcome(var replyTo) -> conclusion.await(replyTo);
            case RunStepDone.Delivered() -> conclusion.deliver();
            case RunCommand late
            when conclusion.isReached() -> getContext().getLog().debug("Too late: {}", late);
            case RunCommand.Stop() -> stopping = true;
            case RunCommand.Abort(var cause) -> conclude(new RunCommand.Failed(cause));
            case RunStepDone.Prepared() -> onPrepared();
            case RunStepDone.Joined(var request, var member) -> onJoined(request, member);
            case RunStepDone.NotJoined refused -> onNotJoined(refused);
            case RunStepDone.WarmedUp step -> onWarmedUp(step);
            case RunStepDone.Walked walked -> onWalked(roster.trajectories().orElseThrow(), walked);
            case RunStepDone.Clustered(var reply) -> onClustered(reply);
            case RunCommand.Visiting(VisitCommand.VisitMatched report) -> onVisitMatched(report);
            case RunCommand.Visiting(VisitCommand.VisitSkipped report) -> onVisitSkipped(report);
            case RunStepDone.Trained(var answer) -> onTrained(answer);
            case RunStepDone.Saved() -> onSaved();
            case RunStepDone.NotSaved(var cause) -> onNotSaved(cause);
            case RunStepDone.SetReady(var how, var set) -> onSetReady(how, set);
        }
        return this;
    }

    @Override
    public Behavior<RunCommand> onSignal(Signal signal) {
        if (signal instanceof ChildFailed failed && !conclusion.isReached()) {
            conclude(new RunCommand.Failed(failed.cause()));
        }
        return this;
    }

    private void begin() {
        List<String> names = plan.classes().stream().map(ClassImages::name).toList();
        telemetry.on(new TelemetryEvent.RunStarted(plan.settings(), names, position.outer(), position.inner()));
        tellMyself(roster.prepare(), done -> new RunStepDone.Prepared());
    }

    private void onPrepared() {
        roster.announce();
        saveIf(keeper.isDue(position));
    }

    /** Ends the run, lets a class join, or opens the next loop, whichever comes first. */
    private void goOn() {
        ending = endingDue();
        if (ending.isPresent()) {
            saveIf(keeper.isMissing(position));
        } else {
            applicants.next().ifPresentOrElse(this::examine, this::openLoop);
        }
    }

    private Optional<Ending> endingDue() {
        if (stopping) {
            return Optional.of(Ending.INTERRUPTED);
        }
        if (!plan.settings().method().learns()
                || position.outer() >= plan.settings().schedule().outerIterations()) {
            return Optional.of(Ending.COMPLETED);
        }
        return clock.limitHasPassed() ? Optional.of(Ending.TIME_LIMIT) : Optional.empty();
    }

    private void examine(RunCommand.AddClass request) {
        ClassRef applicant = roster.applicant(request);
        tellMyself(
                roster.initialise(applicant, position),
                done -> new RunStepDone.Joined(request, applicant),
                cause -> new RunStepDone.NotJoined(request, applicant, cause));
    }

    private void onJoined(RunCommand.AddClass request, ClassRef member) {
        roster.admit(member, request);
        keeper.outdate();
        applicants.answer(new RunCommand.ClassAdded(member.label()));
        goOn();
    }

    private void onNotJoined(RunStepDone.NotJoined refused) {
        roster.dismiss(refused.member());
        DistillationException reason = new DistillationException(
                "class '" + refused.request().name() + "' can't join: "
                        + refused.cause().getMessage(),
                refused.cause());
        telemetry.on(new TelemetryEvent.Warning(String.valueOf(reason.getMessage())));
        applicants.answer(new RunCommand.ClassRefused(reason));
        goOn();
    }

    private void openLoop() {
        loop = Optional.of(new InnerLoop(position, roster.visits(position), clock, telemetry));
        if (position.inner() == 0) {
            roster.clamp();
        }
        warmUp(0);
    }

    /** A network that is stopped on the way is matched as it is; half an expert is none, so its loop is left out. */
    private void warmUp(int before) {
        int samples = roster.warmUp(position, before);
        boolean ends = stopping || clock.limitHasPassed();
        if (samples > 0 && !ends) {
            tellMyself(
                    roster.warmUp(position, samples, before),
                    answer -> new RunStepDone.WarmedUp(before + samples, answer));
        } else if (samples > 0 && roster.trajectories().isPresent()) {
            loop = Optional.empty();
            goOn();
        } else {
            refresh();
        }
    }

    private void onWarmedUp(RunStepDone.WarmedUp step) {
        if (step.answer() instanceof WorkerReply.Failed<TrainOutcome>(var reason)) {
            telemetry.on(new TelemetryEvent.Warning("a fresh network was not trained: " + reason));
        }
        warmUp(step.samples());
    }

    private void refresh() {
        tellMyself(crew.refresh(position, roster.network(position), roster.members()), RunStepDone.Clustered::new);
    }

    private void onClustered(ClusteringActor.Reply reply) {
        switch (reply) {
            case ClusteringActor.Refreshed(var seconds) ->
                roster.trajectories().ifPresentOrElse(student -> walk(student, seconds), () -> openVisits(seconds));
            case ClusteringActor.RefreshFailed(var cause) -> conclude(new RunCommand.Failed(cause));
        }
    }

    private void walk(ExpertTrajectories student, double seconds) {
        tellMyself(
                student.walk(position, roster.network(position), roster.members()),
                answer -> new RunStepDone.Walked(answer, seconds));
    }

    private void onWalked(ExpertTrajectories student, RunStepDone.Walked walked) {
        switch (walked.answer()) {
            case WorkerReply.Completed<RolloutOutcome>(var outcome, var seconds)
            when outcome.isFinite() -> {
                student.learnFrom(outcome);
                openVisits(walked.seconds() + seconds);
            }
            case WorkerReply.Completed<RolloutOutcome> diverged -> {
                student.slowDown();
                leaveOut("its student diverged, and is half as fast from now on");
            }
            case WorkerReply.Failed<RolloutOutcome>(var reason) -> leaveOut("its student could not walk: " + reason);
        }
    }

    private void leaveOut(String reason) {
        telemetry.on(new TelemetryEvent.Warning("inner loop " + position.inner() + " is left out: " + reason));
        closeLoop();
    }

    private void openVisits(double seconds) {
        currentLoop().open(seconds);
        answerDemand();
        roster.readAhead();
    }

    private void onNextVisit(ActorRef<VisitCommand.VisitReply> replyTo) {
        demand.raise(replyTo);
        answerDemand();
    }

    private void answerDemand() {
        demand.answer(() -> conclusion.isReached()
                ? Optional.of(new VisitCommand.NoMoreVisits())
                : loop.flatMap(InnerLoop::nextVisit));
    }

    private void onVisitMatched(VisitCommand.VisitMatched report) {
        currentLoop().matched(report);
        trainIfComplete();
    }

    private void onVisitSkipped(VisitCommand.VisitSkipped report) {
        currentLoop().skipped(report);
        trainIfComplete();
    }

    private void trainIfComplete() {
        if (!currentLoop().isComplete()) {
            return;
        }
        if (plan.settings().schedule().networkSamples() == 0) {
            closeLoop();
        } else {
            tellMyself(roster.train(position), RunStepDone.Trained::new);
        }
    }

    private void onTrained(WorkerReply.Answer<TrainOutcome> answer) {
        currentLoop().trained(answer);
        closeLoop();
    }

    private void closeLoop() {
        currentLoop().close();
        fruitless = currentLoop().hasMatched() ? 0 : fruitless + 1;
        loop = Optional.empty();
        position = position.next(plan.settings().schedule().innerLoops());
        if (fruitless == MOST_FRUITLESS) {
            conclude(new RunCommand.Failed(new DistillationException("no class step has succeeded in " + fruitless
                    + " inner loops: see the warnings for the reason, and use a smaller --width or --ipc if it is"
                    + " memory")));
        } else {
            saveIf(keeper.isDue(position));
        }
    }

    private void saveIf(boolean wanted) {
        if (wanted) {
            tellMyself(
                    keeper.save(storage -> roster.checkpoint(storage, position)),
                    done -> new RunStepDone.Saved(),
                    RunStepDone.NotSaved::new);
        } else {
            afterSaving();
        }
    }

    private void onSaved() {
        keeper.saved(position);
        afterSaving();
    }

    private void onNotSaved(Throwable cause) {
        if (keeper.mayGoOnWithout(cause)) {
            afterSaving();
        } else {
            conclude(new RunCommand.Failed(cause));
        }
    }

    private void afterSaving() {
        ending.ifPresentOrElse(
                how -> tellMyself(roster.distilledSet(), set -> new RunStepDone.SetReady(how, set)), this::goOn);
    }

    private void onSetReady(Ending how, DistilledSet set) {
        telemetry.on(new TelemetryEvent.RunEnded(how, position.outer(), position.inner(), clock.secondsSinceBegin()));
        conclude(new RunCommand.Ended(how, set, position, !keeper.isMissing(position)));
    }

    private void conclude(RunCommand.Outcome result) {
        conclusion.reach(result);
        applicants.close();
        answerDemand();
        tellMyself(crew.flushTelemetry(), done -> new RunStepDone.Delivered(), cause -> new RunStepDone.Delivered());
    }

    private InnerLoop currentLoop() {
        return loop.orElseThrow(() -> new IllegalStateException("no inner loop is open"));
    }

    private <T> void tellMyself(CompletionStage<T> stage, Function<T, RunCommand> success) {
        tellMyself(stage, success, RunCommand.Abort::new);
    }

    private <T> void tellMyself(
            CompletionStage<T> stage, Function<T, RunCommand> success, Function<Throwable, RunCommand> failure) {
        getContext()
                .pipeToSelf(
                        stage,
                        (value, cause) -> cause == null ? success.apply(value) : failure.apply(Asks.causeOf(cause)));
    }
}
