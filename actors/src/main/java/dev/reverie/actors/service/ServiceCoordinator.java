package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.classes.ClassClient;
import dev.reverie.actors.clustering.BackgroundClusteringActor;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.lifecycle.ClassCommand.ChangeQuota;
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
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
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

    private static final Duration NORMALISATION_TIMEOUT = Duration.ofSeconds(10);

    private final ServicePlan plan;
    private final ServicePolicy policy;
    private final TimerScheduler<ServiceCommand> timers;
    private final TelemetryListener telemetry;
    private final ServiceProgress progress;
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
        this.loops = new ServiceLoops(context, plan, classes, progress, availability, this::scheduleNextLoop);
        ActorRef<ServiceCommand> self = context.getSelf();
        plan.directory()
                .onDeparture(classIndex -> self.tell(
                        new ServiceCommand.Continue(() -> classes.at(classIndex).ifPresent(ServiceClass::leave))));
        plan.intake()
                .tell(new IntakeActor.Subscribe(context.messageAdapter(
                        ClassNotification.class,
                        notification -> new ServiceCommand.Continue(() -> onClassNotified(notification)))));
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
            case ServiceCommand.ProgressRecovered(var stored) -> onProgressRecovered(stored);
            case ServiceCommand.ProgressUnreadable(var cause) -> onProgressUnreadable(cause);
            case ServiceCommand.Continue(var next) -> next.run();
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

    private <T> void then(CompletionStage<T> step, Consumer<T> next, Consumer<Throwable> failed) {
        Asks.<ServiceCommand, T>pipeToSelf(
                getContext(),
                step,
                result -> new ServiceCommand.Continue(() -> next.accept(result)),
                cause -> new ServiceCommand.Continue(() -> failed.accept(cause)));
    }

    private void watchLater() {
        timers.startSingleTimer("watch", new ServiceCommand.Continue(this::watchClasses), policy.watch());
    }

    /** A class that does not reply would otherwise hold up the loop that visits it, and the clustering. */
    private void watchClasses() {
        then(classes.silent(), this::onClassesWatched, _ -> onClassesWatched(Set.of()));
    }

    private void onClassesWatched(Set<Integer> silent) {
        classes.onWatched(silent);
        watchLater();
    }

    private void refreshClasses() {
        then(classes.list(), this::onClassesListed, this::onListingFailed);
    }

    private void onListingFailed(Throwable cause) {
        getContext().getLog().debug("The classes could not be listed; the service tries again", cause);
        refreshWhenIdle();
    }

    private void refreshWhenIdle() {
        refreshClassesAfter(policy.idle());
    }

    private void refreshClassesAfter(Duration pause) {
        timers.startSingleTimer("refresh", new ServiceCommand.Continue(this::refreshClasses), pause);
    }

    /**
     * Begins the next loop, after a pause if the engine is lost or all classes have converged. The pause leaves the
     * processor to other work; a drift is then detected some seconds later.
     */
    private void scheduleNextLoop() {
        if (availability.isLost()) {
            refreshClassesAfter(policy.idleWithoutEngine());
        } else if (classes.allConverged()) {
            refreshWhenIdle();
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
            refreshWhenIdle();
        } else {
            actors.ifPresentOrElse(this::proceed, this::gatherImages);
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

    /** Waits for a better moment if one of the classes is forgotten, moves or does not answer. */
    private void gatherImages() {
        then(classes.normalisationImages(), this::fixNormalisation, _ -> refreshWhenIdle());
    }

    /**
     * Fixes the stored normalisation, or that of the images, for the whole service: the registry keeps it, so that all
     * nodes of a cluster use the same one.
     *
     * @param images real images of the first classes, all of the same shape
     */
    private void fixNormalisation(List<Image> images) {
        if (images.isEmpty()) {
            refreshWhenIdle();
            return;
        }
        ImageShape shape = images.getFirst().shape();
        Normalisation proposed =
                progress.progress().normalisation(shape).orElseGet(() -> Normalisation.of(shape, images));
        then(
                Asks.<IntakeActor.Command, IntakeActor.FixedNormalisation>ask(
                        plan.intake(),
                        replyTo -> new IntakeActor.FixNormalisation(proposed, replyTo),
                        NORMALISATION_TIMEOUT,
                        getContext().getSystem().scheduler()),
                reply -> reply.normalisation()
                        .filter(fixed -> fixed.fits(shape))
                        .ifPresentOrElse(fixed -> begin(shape, fixed), this::refreshWhenIdle),
                _ -> refreshWhenIdle());
    }

    private void begin(ImageShape shape, Normalisation fixed) {
        progress.useNormalisation(fixed);
        ActorRef<BackgroundClusteringActor.FirstRepresentatives> represented = getContext()
                .messageAdapter(
                        BackgroundClusteringActor.FirstRepresentatives.class,
                        first -> new ServiceCommand.Continue(
                                () -> classes.at(first.classIndex()).ifPresent(ServiceClass::onRepresented)));
        ServiceActors spawned = new ServiceActors(getContext(), plan, shape, fixed, represented);
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
        ChangeQuota quota = plan.budget().share(classes.count(), plan.cost().images(spawned.shape(), classes.count()));
        classes.setQuota(quota);
        classes.toInitialise().forEach(each -> initialise(each, network, quota.images(), spawned));
        List<ServiceClass> visited = spawned.settings().method().learns() ? classes.toVisit() : List.of();
        if (visited.isEmpty()) {
            if (!classes.anyIsLearning()) {
                endRefreshes(spawned);
            }
            refreshWhenIdle();
        } else {
            loops.begin(visited, spawned);
        }
    }

    /** Ends the refreshes of the classes of the last loop, which are sealed or alone now. */
    private void endRefreshes(ServiceActors spawned) {
        spawned.refreshRepresentatives(progress.position(), loops.network(), List.of());
    }

    private void initialise(ServiceClass target, NetworkId network, int most, ServiceActors spawned) {
        target.beginInitialisation();
        int images = target.initialImages(most, spawned.settings().factor());
        ClassClient asked = target.ref(); // the reference that ends if the class leaves meanwhile
        then(
                spawned.initialise(asked, network, images),
                _ -> onClassInitialised(asked, Optional.empty()),
                cause -> onClassInitialised(asked, Optional.of(cause)));
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
