package dev.reverie.actors.intake;

import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * The registry as the intake knows it, and the changes that the intake wants: classes that are registered or forgotten,
 * their names, and what it learns of them. After every report from the registry, the events that it lacks are appended.
 * The removal of a class that was lost in a store failure is thus appended again. Registrations are not, because their
 * deliveries are deferred and sent again. Owned by the intake.
 *
 * <p>To forget a class, the registry first persists that forgetting has started, so that a half-deleted class cannot
 * come back after a kill. Then the owner of the registry deletes the rows of the class, and persists that the class is
 * forgotten.
 */
final class RegistryChanges {

    private final ActorContext<IntakeActor.Command> context;
    private final IntakeSettings settings;
    private final ClassTable classes;
    private final ThrottledWarning warning = new ThrottledWarning();
    private final ActorRef<ClassRegistryActor.Append> actor;
    private final Set<String> wantedNames = new LinkedHashSet<>();
    private Optional<ImageShape> wantedShape = Optional.empty();
    private Optional<Normalisation> wantedNormalisation = Optional.empty();
    private final List<ActorRef<IntakeActor.FixedNormalisation>> normalisationAskers = new ArrayList<>();
    /** Indices of the classes that have durable samples, which the registry has not recorded yet. */
    private final Set<Integer> unrecorded = new TreeSet<>();
    /** The classes that are being forgotten, by index. */
    private final Map<Integer, Removal> removals = new TreeMap<>();
    /** The classes that are being named, by index. */
    private final Map<Integer, Naming> namings = new TreeMap<>();
    /** Requests to forget classes that are still being registered, or may be in a registry that cannot be read. */
    private final List<IntakeActor.Forget> postponed = new ArrayList<>();

    private ClassRegistryState registry = ClassRegistryState.EMPTY;
    private boolean recovered;
    private boolean appending;
    private Optional<StoreFailure> failure = Optional.empty();

    /** A class being removed. Only the first of those who asked for it is told that the class existed. */
    private record Removal(ClassEntry entry, List<ActorRef<IntakeActor.Forgotten>> requesters) {
        void reply() {
            requesters.removeFirst().tell(new IntakeActor.Forgotten(entry.mayHaveSamples()));
            requesters.forEach(each -> each.tell(new IntakeActor.Forgotten(false)));
        }
    }

    /** The name that a class is to have, and those who asked for it or for an earlier one. */
    private record Naming(Optional<String> displayName, List<ActorRef<IntakeActor.Renamed>> requesters) {}

    RegistryChanges(
            ActorContext<IntakeActor.Command> context,
            IntakeSettings settings,
            ClassDirectory directory,
            ClassTable classes,
            ActorRef<ClassRegistryActor.Report> reports) {
        this.context = context;
        this.settings = settings;
        this.classes = classes;
        this.actor = directory.registry(context, reports);
    }

    ClassRegistryState state() {
        return registry;
    }

    boolean hasRecovered() {
        return recovered;
    }

    /** Failure of the registry; empty while it can be read and written. */
    Optional<StoreFailure> failure() {
        return failure;
    }

    /** Shape of the images of all classes, also of those that are being registered; empty if there are none. */
    Optional<ImageShape> shape() {
        return registry.shape().or(() -> wantedShape);
    }

    /** Number of classes if new ones are registered in addition to those that are wanted already. */
    int countWith(Set<String> names) {
        Set<String> added = new HashSet<>(wantedNames);
        added.addAll(names);
        return registry.names().size() + added.size();
    }

    /** Wants new classes, which the next {@link #appendMissingEvents} registers. */
    void register(Set<String> names, ImageShape shape) {
        wantedNames.addAll(names);
        wantedShape = Optional.of(shape);
    }

    /** Fixes the normalisation, unless the registry has one already, and replies with the one that the registry has. */
    void fixNormalisation(Normalisation wanted, ActorRef<IntakeActor.FixedNormalisation> replyTo) {
        wantedNormalisation = Optional.of(wanted);
        normalisationAskers.add(replyTo);
        replyNormalisation();
        appendMissingEvents();
    }

    /** Replies to all askers, unless the registry may still fix the normalisation that is wanted. */
    private void replyNormalisation() {
        Optional<Normalisation> fixed = registry.normalisation();
        if (fixed.isEmpty()
                && failure.isEmpty()
                && (!recovered || fittingNormalisation().isPresent())) {
            return;
        }
        wantedNormalisation = Optional.empty();
        normalisationAskers.forEach(replyTo -> replyTo.tell(new IntakeActor.FixedNormalisation(fixed)));
        normalisationAskers.clear();
    }

    private Optional<Normalisation> fittingNormalisation() {
        return wantedNormalisation.filter(
                wanted -> registry.shape().filter(wanted::fits).isPresent());
    }

    /** Records that a class has durable samples, so that a start finds out when the class has lost all of them. */
    void recordSamplesOf(int classIndex) {
        if (!registry.isPopulated(classIndex)) {
            unrecorded.add(classIndex);
            appendMissingEvents();
        }
    }

    /**
     * Forgets a class, and replies when the store has no more rows of the class, or when it is durable that none is.
     */
    void forget(IntakeActor.Forget request) {
        Optional<ClassEntry> named = classes.named(request.name());
        if (named.isPresent()) {
            remove(named.get(), request.replyTo());
        } else if (wantedNames.contains(request.name()) || failure.isPresent()) {
            postponed.add(request);
        } else {
            replyWhenRemoved(request.name(), request.replyTo());
        }
    }

    /**
     * Removes a class, which works as before until the start of its removal is durable, because a kill would bring it
     * back until then.
     */
    private void remove(ClassEntry entry, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.computeIfAbsent(entry.index(), _ -> new Removal(entry, new ArrayList<>()))
                .requesters()
                .add(replyTo);
        appendMissingEvents();
    }

    /** Replies that no class has this name: at once, or when the last removal of a class with this name has ended. */
    private void replyWhenRemoved(String name, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.values().stream()
                .filter(removal -> removal.entry().label().equals(name))
                .reduce((_, later) -> later)
                .ifPresentOrElse(
                        removal -> removal.requesters().add(replyTo),
                        () -> replyTo.tell(new IntakeActor.Forgotten(false)));
    }

    /** Names a class. Of several names that are wanted at the same time, the class has the last one. */
    void rename(IntakeActor.Rename request) {
        List<ActorRef<IntakeActor.Renamed>> requesters = Optional.ofNullable(namings.get(request.classIndex()))
                .map(Naming::requesters)
                .orElseGet(ArrayList::new);
        requesters.add(request.replyTo());
        namings.put(request.classIndex(), new Naming(request.displayName(), requesters));
        if (!isAppending()) { // otherwise another name may be on its way
            replyRenamed();
        }
        appendMissingEvents();
    }

    /** Replies to those whose class has its name, or will not get it. */
    private void replyRenamed() {
        namings.entrySet().removeIf(each -> {
            int index = each.getKey();
            boolean exists = registry.names().containsKey(index);
            boolean done =
                    exists && registry.displayName(index).equals(each.getValue().displayName());
            boolean isOver = done || !exists || failure.isPresent();
            if (isOver) {
                each.getValue().requesters().forEach(replyTo -> replyTo.tell(new IntakeActor.Renamed(done)));
            }
            return isOver;
        });
    }

    /** Whether the registry is persisting events. */
    boolean isAppending() {
        return appending && failure.isEmpty();
    }

    /** Appends the events that the registry has not persisted yet, unless it is persisting others. */
    void appendMissingEvents() {
        if (appending || failure.isPresent() || !recovered) {
            return;
        }
        List<ClassRegistryEvent> events = new ArrayList<>();
        if (!wantedNames.isEmpty()) {
            if (registry.shape().isEmpty()) {
                ImageShape shape = wantedShape.orElseThrow();
                events.add(new ClassRegistryEvent.Initialised(
                        settings.distillation().apply(shape).seed(), shape));
            }
            events.add(new ClassRegistryEvent.ClassesRegistered(List.copyOf(wantedNames)));
        }
        if (!unrecorded.isEmpty() && !settings.retention().isReadOnly()) {
            events.add(new ClassRegistryEvent.ClassesPopulated(Set.copyOf(unrecorded)));
        }
        fittingNormalisation().ifPresent(wanted -> events.add(new ClassRegistryEvent.NormalisationFixed(wanted)));
        namings.forEach(
                (index, naming) -> events.add(new ClassRegistryEvent.ClassRenamed(index, naming.displayName())));
        removals.keySet().stream()
                .filter(index -> registry.names().containsKey(index))
                .map(ClassRegistryEvent.ForgettingStarted::new)
                .forEach(events::add);
        if (!events.isEmpty()) {
            appending = true;
            actor.tell(new ClassRegistryActor.Append(registry.revision(), events));
        }
    }

    /**
     * Notes what the registry has persisted. The new classes must be open when it is called. Afterwards, the deliveries
     * that still wait for classes must want them again, and then the owner calls {@link #proceed}.
     */
    void onUpdated(ClassRegistryState updated) {
        if (failure.isEmpty()) {
            warning.reset(); // after a failure the registry was only read, and the next write may fail again
        }
        registry = updated;
        recovered = true;
        appending = false;
        failure = Optional.empty();
        dropWanted();
        replyNormalisation();
        replyRenamed();
        unrecorded.removeIf(classIndex ->
                updated.isPopulated(classIndex) || !updated.names().containsKey(classIndex));
        removals.values().stream()
                .filter(removal -> updated.isForgotten(removal.entry().index()))
                .forEach(Removal::reply);
        removals.keySet().removeIf(updated::isForgotten);
    }

    void proceed() {
        List<IntakeActor.Forget> due = List.copyOf(postponed);
        postponed.clear();
        due.forEach(this::forget);
        appendMissingEvents();
    }

    private void dropWanted() {
        wantedNames.clear();
        wantedShape = Optional.empty();
    }

    /** Notes that the registry cannot be read or written. Classes that wait for it are not registered. */
    void onFailed(ClassRegistryActor.Failed failed) {
        dropWanted();
        failure = Optional.of(failed.failure());
        replyNormalisation();
        replyRenamed();
        if (warning.isDue(failed.failure(), settings.clock().instant())) {
            failed.log(context.getLog());
        }
    }
}
