package dev.reverie.actors.intake;

import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Appends events to the registry. After every report from the registry, the writer compares the wanted classes with the
 * persisted ones and appends the missing events. Removal events that were lost in a store failure are thus appended
 * again. Registrations are not, because their deliveries are deferred and sent again. Owned by the intake.
 */
final class RegistryWriter {

    private final ActorContext<IntakeActor.Command> context;
    private final IntakeSettings settings;
    private final ClassRemovals removals;
    private final ThrottledWarning warning = new ThrottledWarning();
    private final ActorRef<ClassRegistryActor.Append> actor;
    private final Set<String> wantedNames = new LinkedHashSet<>();
    private Optional<ImageShape> wantedShape = Optional.empty();
    private Optional<Normalisation> wantedNormalisation = Optional.empty();
    private final List<ActorRef<IntakeActor.FixedNormalisation>> normalisationAskers = new ArrayList<>();
    /** Indices of the classes that have durable samples, which the registry has not recorded yet. */
    private final Set<Integer> unrecorded = new TreeSet<>();

    private ClassRegistryState registry = ClassRegistryState.EMPTY;
    private boolean recovered;
    private boolean appending;
    private Optional<StoreFailure> failure = Optional.empty();

    RegistryWriter(
            ActorContext<IntakeActor.Command> context,
            IntakeSettings settings,
            ClassDirectory directory,
            ClassRemovals removals,
            ActorRef<ClassRegistryActor.Report> reports) {
        this.context = context;
        this.settings = settings;
        this.removals = removals;
        this.actor = directory.registry(context, reports);
    }

    /** The durable registry. */
    ClassRegistryState registry() {
        return registry;
    }

    /** Whether the registry has recovered. */
    boolean hasRecovered() {
        return recovered;
    }

    /** Failure of the registry; empty while it can be read and written. */
    Optional<StoreFailure> failure() {
        return failure;
    }

    /**
     * Registers the classes that the registry does not have. It reports when they are durable. Another process may have
     * registered a class after a delivery found that it is new.
     */
    void register(Collection<String> names, ImageShape shape) {
        names.stream().filter(name -> !registry.names().containsValue(name)).forEach(wantedNames::add);
        wantedShape = Optional.of(shape);
        appendMissingEvents();
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

    /** Whether a new class is being registered. */
    boolean isRegistering(String name) {
        return wantedNames.contains(name);
    }

    /** Records that a class has durable samples, so that a start finds out when the class has lost all of them. */
    void recordSamplesOf(int classIndex) {
        if (!registry.isPopulated(classIndex)) {
            unrecorded.add(classIndex);
            appendMissingEvents();
        }
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
        events.addAll(removals.missingEvents(registry));
        if (!events.isEmpty()) {
            appending = true;
            actor.tell(new ClassRegistryActor.Append(registry.revision(), events));
        }
    }

    /**
     * Notes what the registry has persisted. The caller calls {@link #appendMissingEvents} when it has opened the new
     * classes.
     */
    void onUpdated(ClassRegistryState updated) {
        if (failure.isEmpty()) {
            warning.reset(); // after a failure the registry was only read, and the next write may fail again
        }
        registry = updated;
        recovered = true;
        appending = false;
        failure = Optional.empty();
        replyNormalisation();
        unrecorded.removeIf(classIndex ->
                updated.isPopulated(classIndex) || !updated.names().containsKey(classIndex));
    }

    /** Notes that a class has been opened, and needs not be registered. */
    void onOpened(String name) {
        wantedNames.remove(name);
    }

    /** Notes that the registry cannot be read or written. Classes that wait for it are not registered. */
    void onFailed(ClassRegistryActor.Failed failed) {
        wantedNames.clear();
        wantedShape = Optional.empty();
        failure = Optional.of(failed.failure());
        replyNormalisation();
        if (warning.isDue(failed.failure(), settings.clock().instant())) {
            log(failed);
        }
    }

    private void log(ClassRegistryActor.Failed failed) {
        switch (failed.failure()) {
            case DAMAGED ->
                context.getLog()
                        .error(
                                "The list of classes in the store is damaged ({}), so the service can serve no class."
                                        + " Restore the store from a backup.",
                                failed.detail());
            case UNREACHABLE ->
                context.getLog()
                        .warn("Cannot reach the node that owns the list of classes. The service tries again; if this"
                                + " recurs, check the other nodes and the network.");
            case FULL, UNAVAILABLE, OBSOLETE ->
                context.getLog()
                        .warn(
                                "Cannot read or write the list of classes in the store ({}). The service tries again;"
                                        + " if this recurs, check the disk or the database server.",
                                failed.detail());
        }
    }
}
