package dev.reverie.actors.run;

import dev.reverie.actors.DistillationException;
import dev.reverie.actors.Request;
import dev.reverie.actors.checkpoint.Checkpoint;
import dev.reverie.actors.checkpoint.CheckpointException;
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
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
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

    private record NotJoined(AddClass request, Throwable cause) implements Command {}

    private record Clustered(ClusteringActor.Reply reply) implements Command {}

    private record Trained(Reply.Answer<TrainOutcome> answer) implements Command {}

    private record Saved(double seconds) implements Command {}

    private record NotSaved(Throwable cause) implements Command {}

    private record SetReady(Ending ending, DistilledSet set) implements Command {}

    private record Delivered() implements Command {}

    private final RunPlan plan;
    private final Crew crew;
    private final Roster roster;
    private final RunClock clock;
    private final TelemetryListener telemetry;
    private final Deque<AddClass> applicants = new ArrayDeque<>();
    private final List<ActorRef<Outcome>> awaiting = new ArrayList<>();
    private Optional<ActorRef<VisitReply>> demand = Optional.empty();
    private Optional<Position> saved = Optional.empty();
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
        this.position = plan.resumed().map(Checkpoint::position).orElse(Position.START);
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
            case AddClass request -> onAddClass(request);
            case AwaitOutcome(var replyTo) -> onAwaitOutcome(replyTo);
            case Delivered() -> onDelivered();
            case Command late when outcome.isPresent() -> getContext().getLog().debug("Too late: {}", late);
            case Stop() -> stopping = true;
            case Abort(var cause) -> conclude(new Failed(cause));
            case Prepared() -> onPrepared();
            case Joined joined -> onJoined(joined);
            case NotJoined notJoined -> onNotJoined(notJoined);
            case Clustered(var reply) -> onClustered(reply);
            case VisitMatched matched -> onVisitMatched(matched);
            case VisitSkipped skipped -> onVisitSkipped(skipped);
            case Trained(var answer) -> onTrained(answer);
            case Saved(var seconds) -> onSaved(seconds);
            case NotSaved(var cause) -> onNotSaved(cause);
            case SetReady(var ending, var set) -> onSetReady(ending, set);
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
        if (plan.resumed().isPresent()) {
            saved = Optional.of(position);
        }
        saveIf(plan.resumed().isEmpty());
    }

    private void announce(Member member) {
        int wanted = plan.settings().representatives().count();
        int candidates =
                Math.min(member.size(), plan.settings().representatives().candidates());
        if (plan.settings().method().learns() && candidates < wanted) {
            telemetry.on(new TelemetryEvent.Warning("class '" + member.name() + "' has " + candidates
                    + " candidates for " + wanted + " representatives: all of them are used"));
        }
        telemetry.on(new TelemetryEvent.ClassJoined(
                member.label(), member.name(), member.size(), plan.settings().ipc()));
    }

    /** Ends the run, lets a class join, or opens the next loop, whichever comes first. */
    private void goOn() {
        Optional<Ending> due = endingDue();
        if (due.isPresent()) {
            end(due.get());
        } else if (!applicants.isEmpty()) {
            examine(applicants.remove());
        } else {
            openLoop();
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

    private void onAddClass(AddClass request) {
        refusal(request)
                .ifPresentOrElse(
                        reason -> request.replyTo().tell(new ClassRefused(reason)), () -> applicants.add(request));
    }

    private Optional<RuntimeException> refusal(AddClass request) {
        if (outcome.isPresent()) {
            return Optional.of(tooLate(request));
        }
        try {
            plan.requireFitting(new ClassImages(request.name(), request.images()));
            return Optional.empty();
        } catch (IllegalArgumentException reason) {
            return Optional.of(reason);
        }
    }

    private static DistillationException tooLate(AddClass request) {
        return new DistillationException("the run has ended, so class '" + request.name() + "' can't join it");
    }

    private void examine(AddClass request) {
        ClassImages images = new ClassImages(request.name(), request.images());
        tellMyself(
                roster.applicant(images, position),
                member -> new Joined(request, member),
                cause -> new NotJoined(request, cause));
    }

    private void onJoined(Joined joined) {
        AddClass request = joined.request();
        roster.admit(joined.member(), new ClassImages(request.name(), request.images()));
        announce(joined.member());
        request.replyTo().tell(new ClassAdded(joined.member().label()));
        goOn();
    }

    private void onNotJoined(NotJoined notJoined) {
        Throwable cause = notJoined.cause();
        String reason = Optional.ofNullable(cause.getMessage()).orElse(cause.toString());
        telemetry.on(new TelemetryEvent.Warning(reason));
        notJoined.request().replyTo().tell(new ClassRefused(new DistillationException(reason, cause)));
        goOn();
    }

    private void openLoop() {
        loop = Optional.of(new InnerLoop(position, roster.members(), clock.now()));
        if (position.inner() == 0) {
            roster.clamp();
        }
        tellMyself(crew.refresh(position, roster.network(position), roster.members()), Clustered::new);
    }

    private void onClustered(ClusteringActor.Reply reply) {
        switch (reply) {
            case ClusteringActor.Refreshed(var seconds) -> {
                currentLoop().addWorkerSeconds(seconds);
                currentLoop().open();
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

    private void onVisitMatched(VisitMatched matched) {
        Visit visit = matched.visit();
        currentLoop().matched(visit, matched.loss(), matched.seconds());
        telemetry.on(new TelemetryEvent.ClassMatched(
                visit.label(), position.outer(), position.inner(), matched.loss(), matched.seconds()));
        trainIfComplete();
    }

    private void onVisitSkipped(VisitSkipped skipped) {
        Visit visit = skipped.visit();
        currentLoop().skipped(visit);
        telemetry.on(
                new TelemetryEvent.ClassSkipped(visit.label(), position.outer(), position.inner(), skipped.reason()));
        trainIfComplete();
    }

    private void trainIfComplete() {
        if (!currentLoop().isComplete()) {
            return;
        }
        if (plan.settings().schedule().networkSamples() == 0) {
            closeLoop(Double.NaN);
        } else {
            tellMyself(roster.train(position), Trained::new);
        }
    }

    private void onTrained(Reply.Answer<TrainOutcome> answer) {
        switch (answer) {
            case Reply.Completed<TrainOutcome>(var trained, var seconds) -> {
                currentLoop().addWorkerSeconds(seconds);
                telemetry.on(
                        new TelemetryEvent.NetworkTrained(position.outer(), position.inner(), trained.loss(), seconds));
                closeLoop(trained.loss());
            }
            case Reply.Failed<TrainOutcome>(var reason) -> {
                telemetry.on(new TelemetryEvent.Warning(
                        "the network was not trained after inner loop " + position.inner() + ": " + reason));
                closeLoop(Double.NaN);
            }
        }
    }

    private void closeLoop(double trainLoss) {
        InnerLoop done = currentLoop();
        telemetry.on(new TelemetryEvent.InnerLoopCompleted(
                position.outer(),
                position.inner(),
                done.matchingLoss(),
                trainLoss,
                clock.secondsSince(done.begin()),
                done.workerSeconds()));
        loop = Optional.empty();
        position = position.next(plan.settings().schedule().innerLoops());
        saveIf(position.inner() == 0 || clock.saveIsDue());
    }

    private void saveIf(boolean due) {
        if (!due || plan.storage().isEmpty()) {
            afterSaving();
            return;
        }
        RunPlan.Storage storage = plan.storage().get();
        Instant begin = clock.now();
        tellMyself(
                roster.checkpoint(storage, position).thenAcceptAsync(storage.file()::write, crew.blocking()),
                done -> new Saved(clock.secondsSince(begin)),
                NotSaved::new);
    }

    private void onSaved(double seconds) {
        saved = Optional.of(position);
        clock.saveWasTried();
        telemetry.on(new TelemetryEvent.CheckpointSaved(position.outer(), position.inner(), seconds));
        afterSaving();
    }

    /** A run that can't save from the start isn't worth its time; later, what was computed is worth more. */
    private void onNotSaved(Throwable cause) {
        clock.saveWasTried();
        if (saved.isEmpty() || !(cause instanceof CheckpointException)) {
            conclude(new Failed(cause));
            return;
        }
        telemetry.on(new TelemetryEvent.Warning(String.valueOf(cause.getMessage())));
        afterSaving();
    }

    private void afterSaving() {
        ending.ifPresentOrElse(this::distil, this::goOn);
    }

    private void end(Ending how) {
        ending = Optional.of(how);
        saveIf(!saved.equals(Optional.of(position)));
    }

    private void distil(Ending how) {
        tellMyself(roster.distilledSet(), set -> new SetReady(how, set));
    }

    private void onSetReady(Ending how, DistilledSet set) {
        telemetry.on(new TelemetryEvent.RunEnded(how, position.outer(), position.inner(), clock.secondsSinceBegin()));
        conclude(new Ended(how, set, position));
    }

    private void conclude(Outcome result) {
        outcome = Optional.of(result);
        applicants.forEach(request -> request.replyTo().tell(new ClassRefused(tooLate(request))));
        applicants.clear();
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
