package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.Image;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorSystem;

/** The classes there are, kept by the news of the intake and by looking at them. Not thread safe. */
final class ServiceClasses {

    private final ServicePolicy policy;
    private final ActorSystem<?> system;
    private final TelemetryListener telemetry;
    private final Map<Integer, ServiceClass> byLabel = new TreeMap<>();
    private long round;
    private int outputs;

    ServiceClasses(ServicePolicy policy, ActorSystem<?> system, TelemetryListener telemetry) {
        this.policy = policy;
        this.system = system;
        this.telemetry = telemetry;
    }

    void told(ClassNotification news) {
        switch (news) {
            case ClassNotification.ClassAdded(var handle) -> {
                ServiceClass arrived = new ServiceClass(handle, policy);
                arrived.standAt(outputs++);
                byLabel.put(handle.label(), arrived);
                tellPhase(arrived, Optional.of(arrived.phase()));
            }
            case ClassNotification.PhaseChanged(var label, var phase) ->
                at(label).ifPresent(each -> {
                    each.enter(phase);
                    tellPhase(each, Optional.of(phase));
                });
            case ClassNotification.ClassForgotten(var label) ->
                at(label).ifPresent(each -> {
                    each.leave();
                    byLabel.remove(label);
                    tellPhase(each, Optional.empty());
                });
            case ClassNotification.StoreLoaded read -> {}
        }
    }

    private void tellPhase(ServiceClass each, Optional<ClassPhase> phase) {
        telemetry.on(
                new TelemetryEvent.ClassPhaseChanged(each.label(), each.member().name(), phase.map(ClassPhase::name)));
    }

    Optional<ServiceClass> at(int label) {
        return Optional.ofNullable(byLabel.get(label));
    }

    /** What the classes say of themselves; those that go meanwhile are left out. */
    CompletionStage<List<ClassSummary>> look() {
        return Asks.all(byLabel.values().stream()
                        .map(each -> each.look(system.scheduler()))
                        .toList())
                .thenApply(views -> views.stream().flatMap(Optional::stream).toList());
    }

    /** Begins another round with what the classes have said. */
    void looked(List<ClassSummary> views) {
        byLabel.values().forEach(ServiceClass::unheard);
        views.forEach(view -> at(view.index()).ifPresent(each -> each.looked(view)));
        round++;
    }

    /** Those that can be told apart: with enough images to be distilled, or distilled before. */
    List<ServiceClass> able() {
        return those(each -> each.canBegin(policy));
    }

    /** Those that are to get their first learned images. */
    List<ServiceClass> waitingToBegin() {
        return those(each -> each.waitsToBegin(policy));
    }

    /** Those that have their turn in this round. */
    List<ServiceClass> visited() {
        return those(each -> each.hasTurn(round, policy));
    }

    /** Whether none is being learned: who has its turn is only watched. */
    boolean atRest() {
        return those(each -> each.phase() == ClassPhase.DISTILLING).isEmpty();
    }

    /** Those that have said something in this round. */
    List<ServiceClass> answering() {
        return those(ServiceClass::answers);
    }

    /** Real images of these classes, at most so many of each; fails if one goes meanwhile. */
    CompletionStage<List<Image>> images(List<ServiceClass> classes, int ofEach) {
        return Asks.all(classes.stream()
                        .map(each -> each.member()
                                .<ClassActor.Candidates>ask(
                                        replyTo -> new ClassActor.FindCandidates(ofEach, 0, replyTo),
                                        system.scheduler()))
                        .toList())
                .thenApply(found -> found.stream()
                        .flatMap(candidates -> candidates.images().stream())
                        .toList());
    }

    private List<ServiceClass> those(Predicate<ServiceClass> wanted) {
        return byLabel.values().stream().filter(wanted).toList();
    }

    /** Outputs that a classifier of all classes has. */
    int outputs() {
        return Math.max(1, outputs);
    }

    /** The network is new: it needs no output for a class that is gone. */
    void renumberOutputs() {
        outputs = 0;
        byLabel.values().forEach(each -> each.standAt(outputs++));
    }

    int count() {
        return byLabel.size();
    }

    /** Lets every class store so many synthetic images. */
    void deal(int images) {
        byLabel.values().forEach(each -> each.mayStore(images));
    }

    void clamp() {
        byLabel.values().forEach(ServiceClass::clamp);
    }

    /** Lets every class whose losses say so change its phase. */
    void endIteration() {
        byLabel.values().forEach(each -> each.endIteration().ifPresent(next -> {
            each.wish(next, system.ignoreRef());
            if (next == ClassPhase.DISTILLING) {
                telemetry.on(new TelemetryEvent.Warning(
                        "class '" + each.member().name() + "' has drifted and is distilled again"));
            }
        }));
    }
}
