package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.clustering.BackgroundClusteringActor;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Runs outer iterations and inner loops over the classes of a service for as long as the service runs.
 *
 * <p>Between two loops, the coordinator asks every class for its state. A class with enough images gets its initial
 * synthetic images while the loops continue, a forgotten class is left out, and a sealed class is used only to train
 * the network. With fewer than two classes, the network has nothing to distinguish, so the coordinator waits.
 */
public final class ServiceCoordinator extends AbstractMatchingBehavior<ServiceCommand> {

    private final ServicePlan plan;
    private final ServicePolicy policy;
    private final TimerScheduler<ServiceCommand> timers;
    private final TelemetryListener telemetry;
    private final ServiceProgress progress;
    private final ServiceNormalisation normalisation;
    private final ServiceClasses classes;
    private final ServiceAvailability availability = new ServiceAvailability();
    private final ThrottledWarning progressWarning = new ThrottledWarning();
    private final ServiceLoops loops;
    private Optional<ServiceActors> actors = Optional.empty();
    private boolean emptied;
    private boolean stopping;

    private ServiceCoordinator(
            ActorContext<ServiceCommand> context, TimerScheduler<ServiceCommand> timers, ServicePlan plan) {
        super(context);
        this.plan = plan;
        this.policy = plan.policy();
        this.timers = timers;
        this.telemetry = plan.telemetry();
        this.classes = new ServiceClasses(plan, context.getSystem());
        this.progress =
                new ServiceProgress(context, plan.retention(), plan.directory().node());
        this.normalisation = new ServiceNormalisation(context, plan, progress);
        this.loops = new ServiceLoops(context, plan, classes, progress, availability, this::scheduleNextLoop);
        ActorRef<ServiceCommand> self = context.getSelf();
        plan.directory().onDeparture(classIndex -> self.tell(new ServiceCommand.ClassLeft(classIndex)));
        plan.intake()
                .tell(new IntakeActor.Subscribe(
                        context.messageAdapter(ClassNotification.class, ServiceCommand.ClassNotified::new)));
        watchLater();
    }

    /** Creates a coordinator that begins to learn as soon as two classes have enough images. */
    public static Behavior<ServiceCommand> create(ServicePlan plan) {
        return Behaviors.setup(
                context -> Behaviors.withTimers(timers -> new ServiceCoordinator(context, timers, plan)));
    }

    @Override
    public Behavior<ServiceCommand> onMessage(ServiceCommand command) {
        switch (command) {
            case ServiceCommand.WrappedLoopCommand(var loopCommand) -> loops.on(loopCommand);
            case ServiceCommand.MatchingFailed(var cause) -> loops.onMatchingFailed(cause);
            case ServiceCommand.GetStatus(var replyTo) -> replyTo.tell(status());
            case ServiceCommand.Stop(var replyTo) -> onStop(replyTo);
            case ServiceCommand.ClassNotified(var notification) -> onClassNotified(notification);
            case ServiceCommand.ProgressRecovered(var stored) -> onProgressRecovered(stored);
            case ServiceCommand.ProgressUnreadable(var cause) -> onProgressUnreadable(cause);
            case ServiceCommand.RefreshDue() -> refreshClasses();
            case ServiceCommand.ClassesListed(var responding) -> onClassesListed(responding);
            case ServiceCommand.ListingFailed(var cause) -> onListingFailed(cause);
            case ServiceCommand.WatchDue() -> watchClasses();
            case ServiceCommand.ClassesWatched(var silent) -> onClassesWatched(silent);
            case ServiceCommand.ClassLeft(var classIndex) ->
                classes.at(classIndex).ifPresent(ServiceClass::leave);
            case ServiceCommand.ImagesGathered(var images) -> onImagesGathered(images);
            case ServiceCommand.NormalisationFixed(var shape, var fixed) -> onNormalisationFixed(shape, fixed);
            case ServiceCommand.ClassInitialised(var target, var failure) -> onClassInitialised(target, failure);
            case ServiceCommand.ClassRepresented(var classIndex) ->
                classes.at(classIndex).ifPresent(ServiceClass::onRepresented);
        }
        return this;
    }

    private void onProgressRecovered(StoredProgress stored) {
        progressWarning.reset();
        if (!progress.isRecovered()) {
            progress.recover(stored);
            availability.restore();
            refreshClasses();
        }
    }

    /** Does not begin from another position, because that would overwrite the stored progress. */
    private void onProgressUnreadable(Throwable cause) {
        String reason = "the stored progress of the distillation cannot be read (" + Asks.reasonOf(cause)
                + "); the service tries again: if this recurs, restore the store from a backup";
        if (progressWarning.isDue(StoreFailure.of(cause))) {
            telemetry.on(new TelemetryEvent.Warning(reason));
        }
        if (!progress.isRecovered()) {
            availability.lose(reason);
        }
    }

    private void onClassNotified(ClassNotification notification) {
        classes.on(notification);
        emptied |= classes.count() == 0;
    }

    /** A class that does not reply would otherwise hold up the loop that visits it, and the clustering. */
    private void watchClasses() {
        Asks.pipeToSelf(
                getContext(),
                classes.silent(),
                ServiceCommand.ClassesWatched::new,
                _ -> new ServiceCommand.ClassesWatched(Set.of()));
    }

    private void onClassesWatched(Set<Integer> silent) {
        classes.onWatched(silent);
        watchLater();
    }

    private void watchLater() {
        timers.startSingleTimer(new ServiceCommand.WatchDue(), policy.watch());
    }

    private void refreshClasses() {
        Asks.pipeToSelf(
                getContext(), classes.list(), ServiceCommand.ClassesListed::new, ServiceCommand.ListingFailed::new);
    }

    private void onListingFailed(Throwable cause) {
        getContext().getLog().debug("The classes could not be listed; the service tries again", cause);
        refreshClassesAfter(policy.idle());
    }

    private void refreshClassesAfter(Duration pause) {
        timers.startSingleTimer(new ServiceCommand.RefreshDue(), pause);
    }

    /**
     * Begins the next loop, after a pause if the engine is lost or all classes have converged. The pause leaves the
     * processor to other work; a drift is then detected some seconds later.
     */
    private void scheduleNextLoop() {
        if (availability.isLost()) {
            refreshClassesAfter(policy.idleWithoutEngine());
        } else if (classes.allConverged()) {
            refreshClassesAfter(policy.idle());
        } else {
            refreshClasses();
        }
    }

    private void onClassesListed(List<ClassInfo> responding) {
        classes.update(responding);
        if (emptied) {
            reset();
        }
        if (stopping || !classes.canBegin()) {
            actors.ifPresent(this::endRefreshes);
            refreshClassesAfter(policy.idle());
        } else {
            actors.ifPresentOrElse(this::proceed, () -> normalisation.gatherImages(classes));
        }
    }

    /** Starts over when every class was forgotten, because the next classes may have images of another shape. */
    private void reset() {
        emptied = false;
        actors.ifPresent(ServiceActors::stop);
        actors = Optional.empty();
        availability.restore(); // the next classes get a new worker
        progress.clearNormalisation();
    }

    private void onImagesGathered(List<Image> images) {
        if (images.isEmpty()) {
            refreshClassesAfter(policy.idle());
        } else {
            normalisation.fix(images);
        }
    }

    private void onNormalisationFixed(ImageShape shape, Normalisation fixed) {
        progress.useNormalisation(fixed);
        begin(shape, fixed);
    }

    private void begin(ImageShape shape, Normalisation fixed) {
        ActorRef<BackgroundClusteringActor.FirstRepresentatives> represented = getContext()
                .messageAdapter(
                        BackgroundClusteringActor.FirstRepresentatives.class,
                        first -> new ServiceCommand.ClassRepresented(first.classIndex()));
        ServiceActors spawned = new ServiceActors(getContext(), plan, shape, fixed, telemetry, represented);
        actors = Optional.of(spawned);
        telemetry.on(new TelemetryEvent.LearningStarted(spawned.settings()));
        proceed(spawned);
    }

    /** Initialises the classes that have enough images, and begins the next loop if it visits any class. */
    private void proceed(ServiceActors spawned) {
        if (progress.beginsIteration() && classes.renumberOutputs()) {
            spawned.discardNetworks();
        }
        NetworkId network = loops.network();
        int quota = plan.budget().share(classes.count(), spawned.shape());
        classes.setQuota(quota);
        classes.toInitialise().forEach(each -> initialise(each, network, quota, spawned));
        List<ServiceClass> visited = spawned.settings().method().learns() ? classes.toVisit() : List.of();
        if (visited.isEmpty()) {
            if (!classes.anyIsLearning()) {
                endRefreshes(spawned);
            }
            refreshClassesAfter(policy.idle());
        } else {
            loops.begin(visited, spawned);
        }
    }

    /** Ends the refreshes of the classes of the last loop, which are sealed or alone now. */
    private void endRefreshes(ServiceActors spawned) {
        spawned.refreshRepresentatives(progress.position(), loops.network(), List.of());
    }

    private void initialise(ServiceClass target, NetworkId network, int images, ServiceActors spawned) {
        target.beginInitialisation();
        ClassClient asked = target.ref(); // the reference that ends if the class leaves meanwhile
        getContext()
                .pipeToSelf(
                        spawned.initialise(asked, network, images),
                        (done, failure) -> new ServiceCommand.ClassInitialised(
                                asked, Optional.ofNullable(failure).map(Asks::causeOf)));
    }

    private void onClassInitialised(ClassClient target, Optional<Throwable> failure) {
        classes.at(target.classIndex()).ifPresent(each -> each.endInitialisation(failure.isEmpty()));
        failure.ifPresentOrElse(
                cause -> {
                    availability.onWorkerFailed(cause);
                    if (!target.pendingAsks().hasEnded()) {
                        telemetry.on(new TelemetryEvent.Warning("class '" + target.name()
                                + "' has no synthetic images yet (" + Asks.reasonOf(cause)
                                + "); the service tries again automatically"));
                    }
                },
                availability::restore);
    }

    private void onStop(ActorRef<Done> replyTo) {
        stopping = true;
        loops.stop();
        progress.save(replyTo);
    }

    private ServiceCommand.Status status() {
        return availability.status(progress.progress(), actors.flatMap(ServiceActors::silence), activity());
    }

    private String activity() {
        if (loops.isRunning()) {
            return "matching";
        }
        return classes.isWaitingForAnother() ? "waiting for a second class" : "idle";
    }
}
