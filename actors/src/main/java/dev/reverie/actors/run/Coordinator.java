package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.Request;
import dev.reverie.actors.checkpoint.Checkpoint;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassImages;
import dev.reverie.actors.classes.Member;
import dev.reverie.actors.clustering.ClusteringActor;
import dev.reverie.actors.schedule.Position;
import dev.reverie.actors.schedule.Visit;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryEvent.Ending;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.PatientWorker;
import dev.reverie.actors.worker.Reply;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Engine;
import dev.reverie.gpu.method.TrainOutcome;
import java.time.InstantSource;
import java.util.ArrayList;
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
public final class Coordinator extends AbstractMatchingBehavior<Coordinator.Command> {

    public sealed interface Command {}

    /** Asks for work. One request at a time; answered with a visit or, when the run is over, {@link NoMoreVisits}. */
    public record NextVisit(ActorRef<VisitReply> replyTo) implements Command {}

    public sealed interface VisitReply {}

    /**
     * A visit to be made and reported.
     *
     * @param owner has the batch, and takes the gradient
     * @param worker computes the gradient
     */
    public record Assigned(Visit visit, ActorRef<ClassActor.Command> owner, PatientWorker worker)
            implements VisitReply {}

    public record NoMoreVisits() implements VisitReply {}

    /** Reports that the gradient was applied; the loss and the seconds are the worker's. */
    public record VisitMatched(Visit visit, double loss, double seconds) implements Command {}

    /** Reports that the visit came to nothing. */
    public record VisitSkipped(Visit visit, String reason) implements Command {}

    /** Lets a class take part from the next inner loop on; answered when it does, or when it can't. */
    public record AddClass(String name, List<Image> images, ActorRef<AddClassReply> replyTo) implements Command {
        public AddClass {
            images = List.copyOf(images);
        }
    }

    public sealed interface AddClassReply {}

    public record ClassAdded(int label) implements AddClassReply {}

    public record ClassRefused(RuntimeException reason) implements AddClassReply {}

    /** Ends the run after the current inner loop. */
    public record Stop() implements Command {}

    /** Ends the run at once, as failed. */
    public record Abort(Throwable cause) implements Command {}

    /** Answered when the run has ended and every event was delivered. */
    public record AwaitOutcome(ActorRef<Outcome> replyTo) implements Command {}

    public sealed interface Outcome {}

    /**
     * The run ended as it should.
     *
     * @param position at which a resumed run would go on
     */
    public record Ended(Ending ending, DistilledSet set, Position position) implements Outcome {}

    public record Failed(Throwable cause) implements Outcome {}

    private record Prepared() implements Command {}

    private record Joined(AddClass request, Member member) implements Command {}

    private record NotJoined(AddClass request, Member member, Throwable cause) implements Command {}

    private record Clustered(ClusteringActor.Reply reply) implements Command {}

    private record Trained(Reply.Answer<TrainOutcome> answer) implements Command {}

    private record Saved() implements Command {}

    private record NotSaved(Throwable cause) implements Command {}

    private record SetReady(Ending ending, DistilledSet set) implements Command {}

    private record Delivered() implements Command {}

    private final RunPlan plan;
    private final Crew crew;
    private final Roster roster;
    private final RunClock clock;
    private final TelemetryListener telemetry;
    private final Keeper keeper;
    private final Applicants applicants;
    private final List<ActorRef<Outcome>> awaiting = new ArrayList<>();
    private Optional<ActorRef<VisitReply>> demand = Optional.empty();
    private Optional<Outcome> outcome = Optional.empty();
    private Optional<InnerLoop> loop = Optional.empty();
    private Position position;
    private Optional<Ending> ending = Optional.empty();
    private boolean stopping;
    private boolean delivered;

    private Coordinator(
            ActorContext<Command> context,
            RunPlan plan,
            Supplier<Engine> engines,
            InstantSource source,
            List<TelemetryListener> listeners) {
        super(context);
        this.plan = plan;
        this.crew = new Crew(context, plan, engines, source, listeners);
        this.roster = new Roster(plan, crew);
        this.clock = new RunClock(source, plan.timeLimit());
        this.telemetry = crew.telemetry();
        this.applicants = new Applicants(plan);
        Optional<Position> resumedAt = plan.resumed().map(Checkpoint::position);
        this.position = resumedAt.orElse(Position.START);
        this.keeper = new Keeper(plan.storage(), resumedAt, clock, telemetry, crew.blocking());
    }

    /**
     * A coordinator that begins at once.
     *
     * @param engines makes the worker's engines, on the worker's thread
     * @param source the clock of all durations and limits
     * @param listeners get every event, in this order, from one thread
     */
    public static Behavior<Command> create(
            RunPlan plan, Supplier<Engine> engines, InstantSource source, List<TelemetryListener> listeners) {
        return Behaviors.setup(context -> {
            Coordinator coordinator = new Coordinator(context, plan, engines, source, listeners);
            coordinator.begin();
            return coordinator;
        });
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case NextVisit(var replyTo) -> onNextVisit(replyTo);
            case AddClass request -> applicants.add(request, roster.members());
            case AwaitOutcome(var replyTo) -> onAwaitOutcome(replyTo);
            case Delivered() -> onDelivered();
            case Command late when outcome.isPresent() -> getContext().getLog().debug("Too late: {}", late);
            case Stop() -> stopping = true;
            case Abort(var cause) -> conclude(new Failed(cause));
            case Prepared() -> onPrepared();
            case Joined(var request, var member) -> onJoined(request, member);
            case NotJoined refused -> onNotJoined(refused);
            case Clustered(var reply) -> onClustered(reply);
            case VisitMatched report -> onVisitMatched(report);
            case VisitSkipped report -> onVisitSkipped(report);
            case Trained(var answer) -> onTrained(answer);
            case Saved() -> onSaved();
            case NotSaved(var cause) -> onNotSaved(cause);
            case SetReady(var how, var set) -> onSetReady(how, set);
        }
        return this;
    }

    @Override
    public Behavior<Command> onSignal(Signal signal) {
        if (signal instanceof ChildFailed failed && outcome.isEmpty()) {
            conclude(new Failed(failed.cause()));
        }
        return this;
    }

    private void begin() {
        List<String> names = plan.classes().stream().map(ClassImages::name).toList();
        telemetry.on(new TelemetryEvent.RunStarted(plan.settings(), names, position.outer(), position.inner()));
        tellMyself(roster.prepare(), done -> new Prepared());
    }

    private void onPrepared() {
        roster.members().forEach(this::announce);
        saveIf(keeper.isDue(position));
    }

    private void announce(Member member) {
        plan.shortages(member).forEach(shortage -> telemetry.on(new TelemetryEvent.Warning(shortage)));
        telemetry.on(new TelemetryEvent.ClassJoined(
                member.label(), member.name(), member.size(), plan.settings().ipc()));
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
        if (!plan.settings().method().learns()
                || position.outer() >= plan.settings().schedule().outerIterations()) {
            return Optional.of(Ending.COMPLETED);
        }
        if (stopping) {
            return Optional.of(Ending.INTERRUPTED);
        }
        return clock.limitHasPassed() ? Optional.of(Ending.TIME_LIMIT) : Optional.empty();
    }

    private void examine(AddClass request) {
        Member applicant = roster.applicant(new ClassImages(request.name(), request.images()));
        tellMyself(
                roster.initialise(applicant, position),
                done -> new Joined(request, applicant),
                cause -> new NotJoined(request, applicant, cause));
    }

    private void onJoined(AddClass request, Member member) {
        roster.admit(member, new ClassImages(request.name(), request.images()));
        keeper.outdate();
        announce(member);
        applicants.answer(new ClassAdded(member.label()));
        goOn();
    }

    private void onNotJoined(NotJoined refused) {
        roster.dismiss(refused.member());
        DistillationException reason = new DistillationException(
                "class '" + refused.request().name() + "' can't join: "
                        + refused.cause().getMessage(),
                refused.cause());
        telemetry.on(new TelemetryEvent.Warning(String.valueOf(reason.getMessage())));
        applicants.answer(new ClassRefused(reason));
        goOn();
    }

    private void openLoop() {
        loop = Optional.of(new InnerLoop(position, roster.members(), clock, telemetry));
        if (position.inner() == 0) {
            roster.clamp();
        }
        tellMyself(crew.refresh(position, roster.network(position), roster.members()), Clustered::new);
    }

    private void onClustered(ClusteringActor.Reply reply) {
        switch (reply) {
            case ClusteringActor.Refreshed(var seconds) -> {
                currentLoop().open(seconds);
                answerDemand();
            }
            case ClusteringActor.RefreshFailed(var cause) -> conclude(new Failed(cause));
        }
    }

    private void onNextVisit(ActorRef<VisitReply> replyTo) {
        demand = Optional.of(replyTo);
        answerDemand();
    }

    private void answerDemand() {
        if (demand.isPresent()) {
            Optional<VisitReply> reply =
                    outcome.isPresent() ? Optional.of(new NoMoreVisits()) : loop.flatMap(this::assignment);
            reply.ifPresent(demand.get()::tell);
            demand = reply.isPresent() ? Optional.empty() : demand;
        }
    }

    private Optional<VisitReply> assignment(InnerLoop from) {
        return from.nextVisit()
                .map(visit -> new Assigned(visit, from.owner(visit).actor(), crew.worker()));
    }

    private void onVisitMatched(VisitMatched report) {
        currentLoop().matched(report);
        trainIfComplete();
    }

    private void onVisitSkipped(VisitSkipped report) {
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
            tellMyself(roster.train(position), Trained::new);
        }
    }

    private void onTrained(Reply.Answer<TrainOutcome> answer) {
        currentLoop().trained(answer);
        closeLoop();
    }

    private void closeLoop() {
        currentLoop().close();
        loop = Optional.empty();
        position = position.next(plan.settings().schedule().innerLoops());
        saveIf(keeper.isDue(position));
    }

    private void saveIf(boolean wanted) {
        if (wanted) {
            tellMyself(
                    keeper.save(storage -> roster.checkpoint(storage, position)), done -> new Saved(), NotSaved::new);
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
            conclude(new Failed(cause));
        }
    }

    private void afterSaving() {
        ending.ifPresentOrElse(how -> tellMyself(roster.distilledSet(), set -> new SetReady(how, set)), this::goOn);
    }

    private void onSetReady(Ending how, DistilledSet set) {
        telemetry.on(new TelemetryEvent.RunEnded(how, position.outer(), position.inner(), clock.secondsSinceBegin()));
        conclude(new Ended(how, set, position));
    }

    private void conclude(Outcome result) {
        outcome = Optional.of(result);
        applicants.close();
        answerDemand();
        tellMyself(crew.flushTelemetry(), done -> new Delivered(), cause -> new Delivered());
    }

    private void onDelivered() {
        delivered = true;
        awaiting.forEach(this::onAwaitOutcome);
    }

    private void onAwaitOutcome(ActorRef<Outcome> replyTo) {
        if (delivered) {
            outcome.ifPresent(replyTo::tell);
        } else {
            awaiting.add(replyTo);
        }
    }

    private InnerLoop currentLoop() {
        return loop.orElseThrow(() -> new IllegalStateException("no inner loop is open"));
    }

    private <T> void tellMyself(CompletionStage<T> stage, Function<T, Command> success) {
        tellMyself(stage, success, Abort::new);
    }

    private <T> void tellMyself(
            CompletionStage<T> stage, Function<T, Command> success, Function<Throwable, Command> failure) {
        getContext()
                .pipeToSelf(
                        stage,
                        (value, cause) -> cause == null ? success.apply(value) : failure.apply(Request.causeOf(cause)));
    }
}
