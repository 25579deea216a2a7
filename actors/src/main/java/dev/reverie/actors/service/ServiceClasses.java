package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.CoalescedRequest;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.intake.ClassDirectory;
import dev.reverie.actors.intake.ClassNotification;
import dev.reverie.actors.intake.IntakeActor;
import dev.reverie.actors.intake.OpenClass;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassCommand.ChangeQuota;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.Image;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * Tracks the classes of a service: follows the notifications of the intake, asks the classes for their state between
 * two loops, and selects the classes to initialise, to visit and to train on. Belongs to the coordinator.
 */
final class ServiceClasses {

    /** With fewer classes, the network has nothing to distinguish. */
    private static final int MIN_CLASSES = 2;

    /** Maximum number of real images per class from which the normalisation is computed. */
    private static final int NORMALISATION_IMAGES = 200;

    private static final Duration REPLY_TIMEOUT = Duration.ofSeconds(2);

    private final ServicePolicy policy;
    private final InstantSource clock;
    private final ActorSystem<?> system;
    private final TelemetryListener telemetry;
    private final ActorRef<IntakeActor.Command> intake;
    private final ClassDirectory directory;
    private final Map<Integer, ServiceClass> byIndex = new TreeMap<>();
    private final OutputAssignment outputs = new OutputAssignment();
    private long updates;
    private boolean waitingForAnother;

    /**
     * Creates an instance without classes.
     *
     * @param plan names the directory, which says which classes live in this process; only these are initialised,
     *     visited and changed
     */
    ServiceClasses(ServicePlan plan, ActorSystem<?> system) {
        this.policy = plan.policy();
        this.clock = plan.clock();
        this.system = system;
        this.telemetry = plan.telemetry();
        this.intake = plan.intake();
        this.directory = plan.directory();
    }

    void on(ClassNotification notification) {
        switch (notification) {
            case ClassNotification.ClassAdded(var known) -> {
                ServiceClass added = new ServiceClass(
                        known,
                        policy,
                        new CoalescedRequest<>(known.actor(), ClassCommand.GetInfo::new, REPLY_TIMEOUT, _ -> {}));
                added.setOutput(outputs.next());
                byIndex.put(known.info().index(), added);
                publishPhase(added, Optional.of(added.phase()));
            }
            case ClassNotification.PhaseChanged(var info) ->
                at(info.index()).ifPresent(changed -> {
                    changed.enter(info.phase());
                    publishPhase(changed, Optional.of(info.phase()));
                });
            case ClassNotification.ClassForgotten(var classIndex) ->
                at(classIndex).ifPresent(gone -> {
                    gone.end();
                    byIndex.remove(classIndex);
                    outputs.release(gone.output());
                    publishPhase(gone, Optional.empty());
                });
            case ClassNotification.StoreLoaded _ -> {
                // each class of the store is added by a notification of its own
            }
        }
    }

    private void publishPhase(ServiceClass changed, Optional<ClassPhase> phase) {
        telemetry.on(new TelemetryEvent.ClassPhaseChanged(
                changed.classIndex(), changed.ref().name(), phase));
    }

    Optional<ServiceClass> at(int classIndex) {
        return Optional.ofNullable(byIndex.get(classIndex));
    }

    /**
     * Completes with the classes of this process that reply in time, and the classes of other processes that work. A
     * class that has not replied to an earlier call does not delay this one.
     */
    CompletionStage<List<ClassInfo>> list() {
        return replies().thenCombine(elsewhere(), (here, others) -> Stream.concat(here.stream(), others.stream())
                .toList());
    }

    private CompletionStage<List<ClassInfo>> elsewhere() {
        return byIndex.keySet().stream().allMatch(directory::livesHere)
                ? CompletableFuture.completedStage(List.of())
                : Asks.<IntakeActor.Command, IntakeActor.Overview>ask(
                                intake, IntakeActor.GetOverview::new, system.scheduler())
                        .thenApply(overview -> overview.classes().stream()
                                .filter(known -> !known.failing())
                                .map(OpenClass::info)
                                .filter(info -> !directory.livesHere(info.index()))
                                .toList());
    }

    private CompletionStage<List<ClassInfo>> replies() {
        return Asks.all(byIndex.values().stream()
                        .filter(each -> directory.livesHere(each.classIndex()))
                        .map(each -> each.ask(system.scheduler()))
                        .toList())
                .thenApply(replies -> replies.stream().flatMap(Optional::stream).toList());
    }

    /** Asks the classes of this process whether they reply, and completes with the indices of those that do not. */
    CompletionStage<Set<Integer>> silent() {
        Set<Integer> asked =
                byIndex.keySet().stream().filter(directory::livesHere).collect(Collectors.toCollection(HashSet::new));
        return replies().thenApply(replies -> {
            replies.forEach(info -> asked.remove(info.index()));
            return asked;
        });
    }

    /** Fails the requests to the classes that have been silent twice in a row. */
    void onWatched(Set<Integer> silent) {
        byIndex.values().forEach(each -> each.onWatched(!silent.contains(each.classIndex())));
    }

    /** Updates the classes before the next loop begins. */
    void update(List<ClassInfo> responding) {
        byIndex.values().forEach(each -> {
            each.expectReply();
            each.setHere(directory.livesHere(each.classIndex()));
        });
        responding.forEach(info -> at(info.index()).ifPresent(each -> each.update(info)));
        updates++;
        updateWaiting();
    }

    /**
     * Publishes an event when a single class is ready and has to wait for another one. Does nothing while too few
     * classes are ready and one has not replied, because that class may be ready.
     */
    private void updateWaiting() {
        List<ServiceClass> ready = ready();
        if (ready.size() < MIN_CLASSES && responding().size() < byIndex.size()) {
            return;
        }
        Optional<ServiceClass> waiting = ready.stream()
                .filter(each -> ready.size() < MIN_CLASSES && each.phase() != ClassPhase.SEALED)
                .findFirst();
        waiting.filter(each -> !waitingForAnother)
                .ifPresent(each -> telemetry.on(new TelemetryEvent.WaitingForSecondClass(
                        each.classIndex(), each.ref().name(), each.imagesToBegin())));
        waitingForAnother = waiting.isPresent();
    }

    /** Whether a single class is ready and waits for another one. */
    boolean isWaitingForAnother() {
        return waitingForAnother;
    }

    /** Whether enough classes are ready for the loops to begin. */
    boolean canBegin() {
        return ready().size() >= MIN_CLASSES;
    }

    /** The responding classes that have enough images to be distilled or were distilled before. */
    private List<ServiceClass> ready() {
        return filter(ServiceClass::canBegin);
    }

    /** The classes that should get their initial synthetic images now. */
    List<ServiceClass> toInitialise() {
        return filter(each -> each.isHere() && each.isToInitialise());
    }

    /** The classes that are visited in the next loop. */
    List<ServiceClass> toVisit() {
        Instant now = clock.instant();
        return filter(each -> each.isHere() && each.isToVisit(updates, now));
    }

    /** Notes that a visit of a class ended without a class step. */
    void onSkipped(int classIndex) {
        at(classIndex).ifPresent(each -> each.onSkipped(clock.instant()));
    }

    /** Whether any class of this process is visited in some loops. */
    boolean anyIsLearning() {
        return !filter(each -> each.isHere()
                        && (each.phase() == ClassPhase.DISTILLING || each.phase() == ClassPhase.CONVERGED))
                .isEmpty();
    }

    /** Whether no class of this process is being distilled; converged classes are only checked for drift. */
    boolean allConverged() {
        return filter(each -> each.isHere() && each.phase() == ClassPhase.DISTILLING)
                .isEmpty();
    }

    /** The least number of outer iterations that must end before all classes of this process have converged. */
    int iterationsToConvergence() {
        return filter(ServiceClass::isHere).stream()
                .mapToInt(ServiceClass::iterationsToConvergence)
                .max()
                .orElse(0);
    }

    /** The classes that replied to the last request for their state. */
    List<ServiceClass> responding() {
        return filter(ServiceClass::responds);
    }

    /**
     * Gathers images of each class that is ready, from which the normalisation is computed: real ones or, of a sealed
     * class, the decoded synthetic ones. Fails if one of these classes is forgotten, moves or does not answer.
     */
    CompletionStage<List<Image>> normalisationImages() {
        return Asks.all(ready().stream()
                        .map(each -> each.reader()
                                .<ClassActor.Images>ask(
                                        replyTo -> new ClassActor.SampleImages(NORMALISATION_IMAGES, 0, replyTo),
                                        system.scheduler()))
                        .toList())
                .thenApply(found -> found.stream()
                        .flatMap(images -> images.images().stream())
                        .toList());
    }

    private List<ServiceClass> filter(Predicate<ServiceClass> wanted) {
        return byIndex.values().stream().filter(wanted).toList();
    }

    /** Number of outputs of a network that classifies all classes. */
    int outputs() {
        return outputs.count();
    }

    /**
     * Numbers the outputs again for a new network, without outputs for forgotten classes.
     *
     * @return whether outputs of earlier networks may stand for other classes now
     */
    boolean renumberOutputs() {
        boolean changed = outputs.restart();
        byIndex.values().forEach(each -> each.setOutput(outputs.next()));
        return changed;
    }

    int count() {
        return byIndex.size();
    }

    /** Sets what each class may store. */
    void setQuota(ChangeQuota quota) {
        filter(ServiceClass::isHere).forEach(each -> each.setQuota(quota));
    }

    void clamp() {
        filter(ServiceClass::isHere).forEach(ServiceClass::clamp);
    }

    /** Changes the phase of classes that have converged or drifted in the outer iteration that ends. */
    void endIteration() {
        filter(ServiceClass::isHere).forEach(each -> each.endIteration().ifPresent(next -> {
            each.requestPhase(next, system.ignoreRef());
            if (next == ClassPhase.DISTILLING) {
                telemetry.on(new TelemetryEvent.Warning(
                        "the new images of class '" + each.ref().name()
                                + "' differ from its memory, so the class is distilled again; nothing needs"
                                + " to be done"));
            }
        }));
    }
}
