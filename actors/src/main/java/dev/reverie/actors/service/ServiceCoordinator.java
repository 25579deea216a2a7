package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.loop.InnerLoop;
import dev.reverie.actors.loop.NetworkTrainer;
import dev.reverie.actors.loop.RunClock;
import dev.reverie.actors.loop.VisitCommand;
import dev.reverie.actors.loop.VisitDemand;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.schedule.LoopPosition;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineUnavailableException;
import dev.reverie.actors.worker.WorkerReply;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.NetworkId;
import dev.reverie.gpu.engine.TrainOutcome;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Runs outer and inner loops over the classes of an intake for as long as the service lives. Like the coordinator of a
 * run with an end it answers whoever matches, and withholds the answer while something else comes first.
 *
 * <p>Between two loops it looks at every class: one with enough images gets its first learned ones, while the others go
 * on; one that was forgotten is left out; a sealed one only trains the network. With fewer than two classes there is
 * nothing to tell apart, and it waits.
 */
public final class ServiceCoordinator extends AbstractMatchingBehavior<ServiceCommand> {

    private static final int IMAGES_TO_FOUND_ON = 200;
    private static final int FEWEST_CLASSES = 2;
    private static final int PAUSES_WITHOUT_ENGINE = 15;

    private final ServicePlan plan;
    private final ServicePolicy policy;
    private final TimerScheduler<ServiceCommand> timers;
    private final TelemetryListener telemetry;
    private final RunClock clock;
    private final ServiceProgress course;
    private final ServiceClasses classes;
    private Optional<ServiceActors> crew = Optional.empty();
    private final VisitDemand demand = new VisitDemand();
    private Optional<InnerLoop> loop = Optional.empty();
    private Optional<NetworkTrainer> trainer = Optional.empty();
    private Optional<String> unavailable = Optional.empty();
    private boolean emptied;
    private boolean stopping;

    private ServiceCoordinator(
            ActorContext<ServiceCommand> context, TimerScheduler<ServiceCommand> timers, ServicePlan plan) {
        super(context);
        this.plan = plan;
        this.policy = plan.policy();
        this.timers = timers;
        this.telemetry = plan.telemetry();
        this.classes = new ServiceClasses(policy, context.getSystem(), telemetry);
        this.clock = new RunClock(plan.clock(), Optional.empty());
        this.course = new ServiceProgress(context, plan.retention());
        plan.intake()
                .tell(new IntakeActor.Subscribe(
                        context.messageAdapter(ClassNotification.class, ServiceCommand.Told::new)));
    }

    /** A coordinator that begins as soon as there are classes to begin with. */
    public static Behavior<ServiceCommand> create(ServicePlan plan) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ServiceCoordinator(context, timers, plan)));
    }

    @Override
    public Behavior<ServiceCommand> onMessage(ServiceCommand command) {
        switch (command) {
            case ServiceCommand.Visiting(VisitCommand.NextVisit(var replyTo)) -> onNextVisit(replyTo);
            case ServiceCommand.Visiting(VisitCommand.VisitMatched report) -> onVisitMatched(report);
            case ServiceCommand.Visiting(VisitCommand.VisitSkipped report) -> onVisitSkipped(report);
            case ServiceCommand.MatchingFailed(var cause) -> onMatchingFailed(cause);
            case ServiceCommand.Ask(var replyTo) -> replyTo.tell(status());
            case ServiceCommand.Stop(var replyTo) -> onStop(replyTo);
            case ServiceCommand.Told(var news) -> onTold(news);
            case ServiceCommand.Recovered(var found) -> onRecovered(found);
            case ServiceCommand.Unreadable(var cause) -> onUnreadable(cause);
            case ServiceCommand.LookIsDue() -> look();
            case ServiceCommand.Looked(var views) -> onLooked(views);
            case ServiceCommand.Gathered(var images) -> onGathered(images);
            case ServiceCommand.Initialised(var label, var failure) -> onInitialised(label, failure);
            case ServiceCommand.Trained(var answer) -> onTrained(answer);
            case ServiceCommand.NotTrained(var cause) -> onNotTrained(cause);
        }
        return this;
    }

    private void onRecovered(StoredProgress found) {
        if (!course.isKnown()) {
            course.recovered(found);
            unavailable = Optional.empty();
            look();
        }
    }

    /** Going on from anywhere else would write over what is there. */
    private void onUnreadable(Throwable cause) {
        String reason = "how far the distillation had come can't be read (" + cause.getMessage() + ")";
        telemetry.on(new TelemetryEvent.Warning(reason));
        if (!course.isKnown()) {
            unavailable = Optional.of(reason);
        }
    }

    private void onTold(ClassNotification news) {
        classes.told(news);
        emptied |= classes.count() == 0;
    }

    private void look() {
        getContext().pipeToSelf(classes.look(), (views, failure) -> new ServiceCommand.Looked(views));
    }

    private void lookLater() {
        timers.startSingleTimer(new ServiceCommand.LookIsDue(), policy.idle());
    }

    /**
     * Whoever has lost the engine tries again and again, but not all the time. Nor are classes at rest watched all the
     * time: a drift may be seen some seconds later, and the machine has other things to do.
     */
    private void lookAgain() {
        if (unavailable.isPresent()) {
            timers.startSingleTimer(
                    new ServiceCommand.LookIsDue(), policy.idle().multipliedBy(PAUSES_WITHOUT_ENGINE));
        } else if (classes.atRest()) {
            lookLater();
        } else {
            look();
        }
    }

    private void onLooked(List<ClassSummary> views) {
        classes.looked(views);
        if (emptied) {
            beginAnew();
        }
        List<ServiceClass> able = classes.able();
        if (stopping || able.size() < FEWEST_CLASSES) {
            lookLater();
        } else {
            crew.ifPresentOrElse(this::goOn, () -> gather(able));
        }
    }

    /** The next classes may be of images of another shape. */
    private void beginAnew() {
        emptied = false;
        crew.ifPresent(ServiceActors::dismiss);
        crew = Optional.empty();
        course.unfound();
    }

    private void gather(List<ServiceClass> from) {
        getContext()
                .pipeToSelf(
                        classes.images(from, IMAGES_TO_FOUND_ON),
                        (images, failure) -> new ServiceCommand.Gathered(failure == null ? images : List.of()));
    }

    private void onGathered(List<Image> images) {
        if (images.isEmpty()) {
            lookLater();
            return;
        }
        ImageShape shape = images.getFirst().shape();
        Normalisation normalisation =
                course.progress().normalisation(shape).orElseGet(() -> Normalisation.of(shape, images));
        course.found(normalisation);
        crew = Optional.of(new ServiceActors(getContext(), plan, shape, normalisation, telemetry));
        telemetry.on(new TelemetryEvent.LearningStarted(crew.get().settings()));
        goOn(crew.get());
    }

    private void goOn(ServiceActors with) {
        if (course.beginsIteration()) {
            classes.renumberOutputs();
        }
        NetworkId network = network();
        int share = plan.budget().share(classes.count(), with.imageBytes());
        classes.deal(share);
        classes.waitingToBegin().forEach(each -> initialise(each, network, share, with));
        List<ServiceClass> visited = with.settings().method().learns() ? classes.visited() : List.of();
        if (visited.isEmpty()) {
            lookLater();
        } else {
            openLoop(visited, network, with);
        }
    }

    private NetworkId network() {
        return new NetworkId(course.position().outer(), classes.outputs());
    }

    private void initialise(ServiceClass attendance, NetworkId network, int images, ServiceActors with) {
        attendance.initialising();
        getContext()
                .pipeToSelf(
                        with.initialise(attendance.member(), network, images),
                        (done, failure) -> new ServiceCommand.Initialised(
                                attendance.label(), Optional.ofNullable(failure).map(Asks::causeOf)));
    }

    private void onInitialised(int label, Optional<Throwable> failure) {
        classes.at(label).ifPresent(each -> each.initialised(failure.isEmpty()));
        failure.ifPresent(cause -> {
            noteIfLost(cause);
            telemetry.on(new TelemetryEvent.Warning(String.valueOf(cause.getMessage())));
        });
    }

    private void noteIfLost(Throwable cause) {
        if (cause instanceof EngineUnavailableException lost) {
            unavailable = Optional.of(String.valueOf(lost.reason().getMessage()));
        }
    }

    private void openLoop(List<ServiceClass> visited, NetworkId network, ServiceActors with) {
        LoopPosition position = course.position();
        if (course.beginsIteration()) {
            classes.clamp();
            course.openIteration();
        }
        loop = Optional.of(new InnerLoop(position, with.visits(position, network, visited), clock, telemetry));
        with.attend(position, network, visited);
        loop.get().open(0);
        answerDemand();
        if (with.samples() > 0) {
            trainer = Optional.of(with.trainer(position, classes.answering()));
        }
    }

    private void onNextVisit(ActorRef<VisitCommand.VisitReply> replyTo) {
        demand.raise(replyTo);
        answerDemand();
    }

    private void answerDemand() {
        demand.answer(
                () -> stopping ? Optional.of(new VisitCommand.NoMoreVisits()) : loop.flatMap(InnerLoop::nextVisit));
    }

    private void onVisitMatched(VisitCommand.VisitMatched report) {
        unavailable = Optional.empty();
        loop.ifPresent(open -> {
            open.matched(report);
            classes.at(report.visit().label()).ifPresent(each -> each.matched(report.loss()));
            trainIfComplete(open);
        });
    }

    private void onVisitSkipped(VisitCommand.VisitSkipped report) {
        loop.ifPresent(open -> {
            open.skipped(report);
            trainIfComplete(open);
        });
    }

    private void trainIfComplete(InnerLoop open) {
        if (!open.isComplete() || stopping) {
            return;
        }
        if (trainer.isEmpty()) {
            closeLoop(open);
            return;
        }
        getContext()
                .pipeToSelf(
                        crew.orElseThrow().train(trainer.get(), course.position(), network()),
                        (answer, failure) -> failure == null
                                ? new ServiceCommand.Trained(answer)
                                : new ServiceCommand.NotTrained(Asks.causeOf(failure)));
    }

    private void onTrained(WorkerReply.Answer<TrainOutcome> answer) {
        loop.ifPresent(open -> {
            open.trained(answer);
            closeLoop(open);
        });
    }

    private void onNotTrained(Throwable cause) {
        noteIfLost(cause);
        telemetry.on(new TelemetryEvent.Warning("the network was not trained: " + cause.getMessage()));
        loop.ifPresent(this::closeLoop);
    }

    private void closeLoop(InnerLoop open) {
        open.close();
        advance(true);
        lookAgain();
    }

    private void advance(boolean completed) {
        loop = Optional.empty();
        trainer = Optional.empty();
        course.advance(crew.orElseThrow().settings().schedule().innerLoops(), completed);
        if (course.beginsIteration()) {
            classes.endIteration();
        }
    }

    /** The visits on their way are lost with whoever made them. */
    private void onMatchingFailed(Throwable cause) {
        demand.forget();
        noteIfLost(cause);
        telemetry.on(new TelemetryEvent.Warning("matching was interrupted: " + cause.getMessage()));
        if (loop.isPresent()) {
            advance(false);
            lookAgain();
        }
    }

    private void onStop(ActorRef<Done> replyTo) {
        stopping = true;
        answerDemand();
        course.save(replyTo);
    }

    private ServiceCommand.Status status() {
        Optional<String> trouble = unavailable.or(() -> crew.flatMap(ServiceActors::silence)
                .map(silence -> "it has not answered for " + silence.toMinutes() + " minutes"));
        String worker = trouble.map(reason -> "unavailable: " + reason).orElse(loop.isPresent() ? "matching" : "idle");
        StoredProgress progress = course.progress();
        return new ServiceCommand.Status(
                progress.innerLoops(), progress.outerIterations(), progress.normalisation(), worker, trouble.isEmpty());
    }
}
