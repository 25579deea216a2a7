package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Supervises the registry and the actors of all classes: registers and spawns new classes, assigns capacities to the
 * classes, and removes forgotten classes. Owned by the intake.
 */
final class ClassSupervisor {

    private static final String CLASS_DAMAGED = "The class '{}' is damaged in the store ({}), so it is not served."
            + " Restore the store from a backup, or forget the class.";
    private static final String CLASS_FAILED = "Cannot read or write the class '{}' in the store ({}). The service"
            + " tries again; if this recurs, check the disk or the database server.";

    private final ActorContext<IntakeActor.Command> context;
    private final IntakePlan plan;
    private final ClassDirectory directory;
    private final ActorRef<ClassReport> classReports;
    private final ClassTable classes = new ClassTable();
    private final ClassRemovals removals;
    private final RegistryWriter writer;
    private final List<ActorRef<ClassNotification>> subscribers = new ArrayList<>();
    private Optional<ClassCapacity> capacity = Optional.empty();
    private int nextToSpawn;

    ClassSupervisor(
            ActorContext<IntakeActor.Command> context,
            IntakePlan plan,
            ClassDirectory directory,
            ActorRef<ClassReport> classReports,
            ActorRef<ClassRegistryActor.Report> registryReports) {
        this.context = context;
        this.plan = plan;
        this.directory = directory;
        this.classReports = classReports;
        this.removals = new ClassRemovals(context, plan.retention(), directory.isShared());
        this.writer = new RegistryWriter(context, plan, directory, removals, registryReports);
    }

    /**
     * What a report from the registry has changed.
     *
     * @param forgotten the classes whose removal has become durable, and which the service no longer has
     * @param populated the classes of which the registry has recorded that they have durable samples
     */
    record Changes(List<ClassEntry> forgotten, List<ClassEntry> populated) {

        static final Changes NONE = new Changes(List.of(), List.of());
    }

    ClassTable classes() {
        return classes;
    }

    /** Whether other processes use the same classes. */
    boolean isShared() {
        return directory.isShared();
    }

    Optional<ImageShape> shape() {
        return writer.registry().shape();
    }

    /** Failure of the registry; empty while it can be read and written. */
    Optional<StoreFailure> registryFailure() {
        return writer.failure();
    }

    /** Capacity of each class; empty before the first class. */
    Optional<ClassCapacity> capacity() {
        return capacity;
    }

    /** Whether the registry has recovered, and every class has recovered or is damaged. */
    boolean isLoaded() {
        return writer.hasRecovered() && classes.allSettled();
    }

    /** Registers the classes that the registry does not have. It reports when they are durable. */
    void register(List<String> names, ImageShape shape) {
        writer.register(names, shape);
    }

    /** Fixes the normalisation, unless the registry has one already, and replies with the one that the registry has. */
    void fixNormalisation(Normalisation wanted, ActorRef<IntakeActor.FixedNormalisation> replyTo) {
        writer.fixNormalisation(wanted, replyTo);
    }

    /** Whether a new class is being registered. */
    boolean isRegistering(String name) {
        return writer.isRegistering(name);
    }

    /**
     * Records which classes have durable samples; returns false if that has to wait, because the store is read-only.
     */
    boolean recordSamples() {
        return writer.recordSamples();
    }

    /** The classes that have durable samples, although the registry has not recorded that. */
    List<ClassEntry> unrecorded() {
        return writer.unrecorded().stream()
                .flatMap(label -> classes.at(label).stream())
                .toList();
    }

    /** Replies that no class has this name, as soon as that is durable. */
    void replyWhenRemoved(String name, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.replyWhenRemoved(name, replyTo);
    }

    /**
     * Starts to remove a class, and replies when the store has no more rows of the class. The class works as before
     * until the start of its removal is durable, because a kill would bring it back until then.
     */
    void forget(ClassEntry entry, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.start(entry, replyTo);
        writer.appendMissingEvents();
    }

    void onStopTimedOut(int label) {
        removals.onStopTimedOut(label);
    }

    void onClassStopped(int label) {
        removals.onStopped(label);
        writer.appendMissingEvents();
    }

    void onEraseDue(int label) {
        removals.erase(label);
    }

    void onErased(int label, boolean succeeded) {
        removals.onErased(label, succeeded);
        writer.appendMissingEvents();
    }

    /** Handles a report from the registry. */
    Changes onRegistryReport(ClassRegistryActor.Report report) {
        return switch (report) {
            case ClassRegistryActor.Updated(var updated) -> onRegistryUpdated(updated);
            case ClassRegistryActor.Failed failed -> {
                writer.onFailed(failed);
                yield Changes.NONE;
            }
        };
    }

    private Changes onRegistryUpdated(ClassRegistryState updated) {
        boolean isFirst = !writer.hasRecovered();
        List<ClassEntry> recorded = classes.all().stream()
                .filter(entry -> !entry.isPopulated() && updated.isPopulated(entry.label()))
                .toList();
        if (!writer.onUpdated(updated)) {
            return Changes.NONE;
        }
        if (isFirst) {
            removals.eraseLateRows(updated, plan.damage());
        }
        recorded.forEach(ClassEntry::onPopulated);
        recorded.forEach(this::announce);
        List<ClassEntry> forgotten = removeForgotten();
        spawnRegistered();
        removals.proceed(updated);
        writer.appendMissingEvents();
        return new Changes(forgotten, recorded);
    }

    private List<ClassEntry> removeForgotten() {
        List<ClassEntry> forgotten = classes.all().stream()
                .filter(entry -> !writer.registry().names().containsKey(entry.label()))
                .toList();
        for (ClassEntry entry : forgotten) {
            classes.remove(entry);
            entry.failAsks();
            if (directory.isShared()) {
                context.stop(entry.actor());
            }
            notifySubscribers(new ClassNotification.ClassForgotten(entry.label()));
        }
        return forgotten;
    }

    /** Spawns the actors of the classes that were registered since the last call, and shares out the capacity. */
    private void spawnRegistered() {
        SortedMap<Integer, String> registered = writer.registry().names().tailMap(nextToSpawn);
        nextToSpawn = writer.registry().nextIndex();
        if (!registered.isEmpty()) {
            ClassCapacity share =
                    new ClassFactory(plan).capacity(writer.registry(), classes.count() + registered.size());
            if (capacity.filter(share::equals).isEmpty()) {
                capacity = Optional.of(share);
                classes.all().forEach(entry -> resize(entry, share));
            }
            registered.forEach((label, name) -> spawn(label, name, share));
        }
    }

    private void spawn(int label, String name, ClassCapacity share) {
        writer.onSpawned(name);
        ActorRef<ClassMessage> actor = directory.open(context, writer.registry(), label, share, classReports);
        context.watchWith(actor, new IntakeSelfMessage.ClassStopped(label));
        ClassEntry entry = new ClassEntry(label, name, actor, share);
        classes.add(entry);
        if (writer.registry().isPopulated(label)) {
            entry.onPopulated();
        }
    }

    /** Shared classes follow the registry by themselves. */
    private void resize(ClassEntry entry, ClassCapacity share) {
        entry.resize(share);
        if (!directory.isShared()) {
            entry.actor().tell(new ClassCommand.ChangeCapacity(share));
        }
    }

    void onClassReport(ClassEntry entry, ClassReport report) {
        switch (report) {
            case ClassReport.Recovered recovered -> {
                if (entry.onRecovered(recovered)) {
                    notifySubscribers(new ClassNotification.PhaseChanged(recovered.label(), recovered.phase()));
                }
                if (recovered.capacity().filter(entry.capacity()::equals).isEmpty()) {
                    resize(entry, entry.capacity());
                }
            }
            case ClassReport.SamplesStored stored -> entry.onSamplesStored(stored);
            case ClassReport.PhaseEntered(var label, var phase) -> {
                if (entry.enterPhase(phase)) {
                    notifySubscribers(new ClassNotification.PhaseChanged(label, phase));
                }
            }
            case ClassReport.SealRequested(var label, var requested) -> entry.onSealRequested(requested);
            case ClassReport.Failed failed -> {
                if (entry.onFailed(failed, plan.clock().instant())) {
                    context.getLog()
                            .warn(
                                    failed.failure() == StoreFailure.DAMAGED ? CLASS_DAMAGED : CLASS_FAILED,
                                    entry.name(),
                                    failed.detail());
                }
                if (directory.isShared()) {
                    entry.settle();
                }
            }
        }
        if (entry.stored() > 0) {
            writer.recordSamplesOf(entry.label());
        }
        announce(entry);
    }

    private void announce(ClassEntry entry) {
        if (entry.announce()) {
            notifySubscribers(new ClassNotification.ClassAdded(entry.handle()));
        }
    }

    void subscribe(ActorRef<ClassNotification> subscriber) {
        subscribers.add(subscriber);
        classes.all().stream()
                .filter(entry -> entry.durable() > 0)
                .forEach(entry -> subscriber.tell(new ClassNotification.ClassAdded(entry.handle())));
        if (isLoaded()) {
            subscriber.tell(summary());
        }
    }

    /** Counts classes, samples and images, and names the classes that cannot use the store. */
    ClassNotification.StoreLoaded summary() {
        return classes.summary(plan.clock().instant());
    }

    void notifySubscribers(ClassNotification notification) {
        subscribers.forEach(subscriber -> subscriber.tell(notification));
    }
}
