package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.lifecycle.DamagedClassActor;
import dev.reverie.actors.lifecycle.DurableClassActor;
import dev.reverie.actors.registry.ClassNotification;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Supervises the registry and the actors of all classes: registers and spawns new classes, assigns capacities to the
 * classes, and removes forgotten classes. Owned by the intake.
 *
 * <p>After every report from the registry, the supervisor compares the wanted classes with the persisted ones and
 * appends the missing events. Removal events that were lost in a store failure are thus appended again. Registrations
 * are not, because their deliveries are deferred and sent again.
 */
final class ClassSupervisor {

    private static final String CLASS_DAMAGED = "The class '{}' is damaged in the store ({}), so it is not served."
            + " Restore the store from a backup, or forget the class.";
    private static final String CLASS_FAILED = "Cannot read or write the class '{}' in the store ({}). The service"
            + " tries again; if this recurs, check the disk or the database server.";

    private final ActorContext<IntakeActor.Command> context;
    private final IntakePlan plan;
    private final ActorRef<ClassReport> classReports;
    private final ActorRef<ClassRegistryActor.Append> registryActor;
    private final ClassTable classes = new ClassTable();
    private final ClassRemovals removals;
    private final List<ActorRef<ClassNotification>> subscribers = new ArrayList<>();
    private final Set<String> wantedNames = new LinkedHashSet<>();
    private Optional<ImageShape> wantedShape = Optional.empty();
    private ClassRegistryState registry = ClassRegistryState.EMPTY;
    private Optional<ClassCapacity> capacity = Optional.empty();
    private int nextToSpawn;
    private boolean registryRecovered;
    private boolean appending;
    private Optional<StoreFailure> registryFailure = Optional.empty();

    ClassSupervisor(
            ActorContext<IntakeActor.Command> context,
            IntakePlan plan,
            ActorRef<ClassReport> classReports,
            ActorRef<ClassRegistryActor.Report> registryReports) {
        this.context = context;
        this.plan = plan;
        this.classReports = classReports;
        this.removals = new ClassRemovals(context, plan.retention());
        this.registryActor = spawnRegistry(registryReports);
    }

    /** Spawns the registry, unless its rows are damaged. A shorter list of classes would assign indices twice. */
    private ActorRef<ClassRegistryActor.Append> spawnRegistry(ActorRef<ClassRegistryActor.Report> reports) {
        if (plan.damage().of(ClassRegistryActor.PERSISTENCE_ID.id()).isEmpty()) {
            return context.spawn(ClassRegistryActor.create(plan.retention(), reports), "registry");
        }
        onDamagedRegistry("its rows are damaged");
        return context.spawn(Behaviors.ignore(), "registry");
    }

    private void onDamagedRegistry(String reason) {
        registryFailure = Optional.of(StoreFailure.DAMAGED);
        context.getLog()
                .error(
                        "The list of classes in the store is damaged ({}), so the service can serve no class. Restore"
                                + " the store from a backup.",
                        reason);
    }

    /** Whole rows of a class that was never registered; they show that the registry has lost its last events. */
    private Optional<String> unregisteredRows(ClassRegistryState recovered) {
        return plan.damage().wholeActors().stream()
                .filter(actor -> ClassPersistenceId.labelOf(actor).stream().anyMatch(recovered::isUnassigned))
                .sorted()
                .findFirst();
    }

    ClassTable classes() {
        return classes;
    }

    Optional<ImageShape> shape() {
        return registry.shape();
    }

    /** Failure of the registry; empty while it can be read and written. */
    Optional<StoreFailure> registryFailure() {
        return registryFailure;
    }

    /** Capacity of each class; empty before the first class. */
    Optional<ClassCapacity> capacity() {
        return capacity;
    }

    /** Whether the registry has recovered, and every class has recovered or is damaged. */
    boolean isLoaded() {
        return registryRecovered && classes.allSettled();
    }

    /** Registers new classes. The registry reports when they are durable. */
    void register(List<String> names, ImageShape shape) {
        wantedNames.addAll(names);
        wantedShape = Optional.of(shape);
        appendMissingEvents();
    }

    /** Whether a new class is being registered. */
    boolean isRegistering(String name) {
        return wantedNames.contains(name);
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
        appendMissingEvents();
    }

    void onStopTimedOut(int label) {
        removals.onStopTimedOut(label);
    }

    void onClassStopped(int label) {
        removals.onStopped(label);
        appendMissingEvents();
    }

    void onEraseDue(int label) {
        removals.erase(label);
    }

    void onErased(int label, boolean succeeded) {
        removals.onErased(label, succeeded);
        appendMissingEvents();
    }

    private void appendMissingEvents() {
        List<ClassRegistryEvent> events = new ArrayList<>();
        List<String> missing = wantedNames.stream()
                .filter(name -> classes.named(name).isEmpty())
                .toList();
        if (!missing.isEmpty()) {
            if (registry.shape().isEmpty()) {
                ImageShape shape = wantedShape.orElseThrow();
                events.add(new ClassRegistryEvent.Initialised(
                        plan.settings().apply(shape).seed(), shape));
            }
            events.add(new ClassRegistryEvent.ClassesRegistered(missing));
        }
        events.addAll(removals.missingEvents(registry));
        if (!appending && registryFailure.isEmpty() && registryRecovered && !events.isEmpty()) {
            appending = true;
            registryActor.tell(new ClassRegistryActor.Append(registry.revision(), events));
        }
    }

    /**
     * Handles a report from the registry.
     *
     * @return the classes whose removal has become durable, and which the service no longer has
     */
    List<ClassEntry> onRegistryReport(ClassRegistryActor.Report report) {
        List<ClassEntry> removed = new ArrayList<>();
        switch (report) {
            case ClassRegistryActor.Updated(var updated) -> {
                Optional<String> unregistered = registryRecovered ? Optional.empty() : unregisteredRows(updated);
                if (unregistered.isPresent()) {
                    onDamagedRegistry("it lacks " + unregistered.get() + ", which has rows");
                    return removed;
                }
                registry = updated;
                if (!registryRecovered) {
                    removals.eraseLateRows(registry, plan.damage());
                }
                registryRecovered = true;
                appending = false;
                registryFailure = Optional.empty();
                removed.addAll(removeForgotten());
                spawnRegistered();
                removals.proceed(registry);
                appendMissingEvents();
            }
            case ClassRegistryActor.Failed(var failure, var detail) -> {
                registryFailure = Optional.of(failure);
                wantedNames.clear();
                wantedShape = Optional.empty();
                context.getLog()
                        .warn(
                                "Cannot read or write the list of classes in the store ({}). The service tries"
                                        + " again; if this recurs, check the disk or the database server.",
                                detail);
            }
        }
        return removed;
    }

    private List<ClassEntry> removeForgotten() {
        List<ClassEntry> forgotten = removals.labels().stream()
                .filter(label -> !registry.names().containsKey(label))
                .flatMap(label -> classes.at(label).stream())
                .toList();
        for (ClassEntry entry : forgotten) {
            classes.remove(entry);
            entry.failAsks();
            notifySubscribers(new ClassNotification.ClassForgotten(entry.label()));
        }
        return forgotten;
    }

    /** Spawns the actors of the classes that were registered since the last call, and shares out the capacity. */
    private void spawnRegistered() {
        SortedMap<Integer, String> registered = registry.names().tailMap(nextToSpawn);
        nextToSpawn = registry.nextIndex();
        if (!registered.isEmpty()) {
            ClassCapacity share = capacityOfOneAmong(classes.count() + registered.size());
            if (capacity.filter(share::equals).isEmpty()) {
                capacity = Optional.of(share);
                classes.all().forEach(entry -> resize(entry, share));
            }
            registered.forEach((label, name) -> spawn(label, name, share));
        }
    }

    private void spawn(int label, String name, ClassCapacity share) {
        wantedNames.remove(name);
        long reservoirKey = Seeds.of(
                registry.initialised().map(ClassRegistryEvent.Initialised::seed).orElseThrow(),
                Seeds.Purpose.RESERVOIR,
                label);
        Optional<String> damage = plan.damage().of(ClassPersistenceId.of(label).id());
        Behavior<ClassMessage> behavior = damage.isPresent()
                ? DamagedClassActor.create(label, damage.get(), classReports)
                : DurableClassActor.create(
                        new DurableClassActor.Setup(label, name, reservoirKey, share),
                        plan.settings().apply(registry.shape().orElseThrow()),
                        plan.retention(),
                        plan.clock(),
                        classReports);
        ActorRef<ClassMessage> actor = context.spawn(behavior, "class-" + label);
        context.watchWith(actor, new IntakeActor.ClassStopped(label));
        classes.add(new ClassEntry(label, name, actor, share));
    }

    private ClassCapacity capacityOfOneAmong(int count) {
        return plan.limits()
                .capacityPerClass(count, registry.shape().orElseThrow().size());
    }

    private static void resize(ClassEntry entry, ClassCapacity share) {
        entry.resize(share);
        entry.actor().tell(new ClassCommand.ChangeCapacity(share));
    }

    void onClassReport(ClassEntry entry, ClassReport report) {
        switch (report) {
            case ClassReport.Recovered recovered -> {
                entry.onRecovered(recovered);
                if (recovered.capacity().filter(entry.capacity()::equals).isEmpty()) {
                    entry.actor().tell(new ClassCommand.ChangeCapacity(entry.capacity()));
                }
            }
            case ClassReport.SamplesStored stored -> entry.onSamplesStored(stored);
            case ClassReport.PhaseEntered(var label, var phase) -> {
                entry.enterPhase(phase);
                notifySubscribers(new ClassNotification.PhaseChanged(label, phase));
            }
            case ClassReport.Failed failed -> {
                entry.onFailed(failed, plan.clock().instant());
                context.getLog()
                        .warn(
                                failed.failure() == StoreFailure.DAMAGED ? CLASS_DAMAGED : CLASS_FAILED,
                                entry.name(),
                                failed.detail());
            }
        }
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

    /** Counts classes, samples and images, and names the classes that can't use the store. */
    ClassNotification.StoreLoaded summary() {
        return classes.summary(plan.clock().instant());
    }

    void notifySubscribers(ClassNotification notification) {
        subscribers.forEach(subscriber -> subscriber.tell(notification));
    }
}
