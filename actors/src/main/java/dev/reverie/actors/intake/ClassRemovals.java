package dev.reverie.actors.intake;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreDamage;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.slf4j.Logger;

/**
 * Removes forgotten classes in four steps. First, the registry persists that forgetting has started, so that a
 * half-deleted class cannot come back after a kill. Then the class actor stops, the rows of the class are deleted from
 * the store, and the registry persists that the class is forgotten. Owned by the intake.
 */
final class ClassRemovals {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ERASE_RETRY = Duration.ofSeconds(5);

    private final ActorContext<IntakeActor.Command> context;
    private final Retention retention;
    /** Whether the owner of a shared registry deletes the rows of the classes. */
    private final boolean shared;

    private final Map<Integer, Removal> removals = new TreeMap<>();
    private final Set<Integer> started = new HashSet<>();
    private final Set<Integer> erased = new HashSet<>();
    private final ThrottledWarning warning = new ThrottledWarning();

    ClassRemovals(ActorContext<IntakeActor.Command> context, Retention retention, boolean shared) {
        this.context = context;
        this.retention = retention;
        this.shared = shared;
    }

    /** A class being removed. Only the first of those who asked for it is told that the class existed. */
    private record Removal(ClassEntry entry, List<ActorRef<IntakeActor.Forgotten>> requesters) {

        void reply() {
            requesters.removeFirst().tell(new IntakeActor.Forgotten(entry.mayHaveSamples()));
            requesters.forEach(each -> each.tell(new IntakeActor.Forgotten(false)));
        }
    }

    /**
     * Starts to remove a class, unless its removal has started. The caller then appends {@link #missingEvents} to the
     * registry.
     */
    void start(ClassEntry entry, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.computeIfAbsent(entry.label(), label -> new Removal(entry, new ArrayList<>()))
                .requesters()
                .add(replyTo);
    }

    /**
     * Replies that no class has this name, as soon as that is durable: at once, or when the last removal of a class
     * with this name has ended.
     */
    void replyWhenRemoved(String name, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.values().stream()
                .filter(removal -> removal.entry().name().equals(name))
                .reduce((earlier, later) -> later)
                .ifPresentOrElse(
                        removal -> removal.requesters().add(replyTo),
                        () -> replyTo.tell(new IntakeActor.Forgotten(false)));
    }

    /** The removal events that the registry has not persisted yet. */
    List<ClassRegistryEvent> missingEvents(ClassRegistryState registry) {
        List<ClassRegistryEvent> events = new ArrayList<>();
        for (int label : removals.keySet()) {
            if (registry.names().containsKey(label)) {
                events.add(new ClassRegistryEvent.ForgettingStarted(label));
            }
        }
        registry.forgetting().stream()
                .filter(erased::contains)
                .forEach(label -> events.add(new ClassRegistryEvent.Forgotten(label)));
        return events;
    }

    /**
     * Deletes the rows that are left of classes that were forgotten before this process started. A late write of a
     * stopped actor may have been committed after the first deletion. Keeps rows that are damaged, since they may
     * belong to another class. Does nothing if the store is shared, because such a store rejects late writes.
     */
    void eraseLateRows(ClassRegistryState registry, StoreDamage damage) {
        if (shared) {
            return;
        }
        Logger log = context.getSystem().log();
        retention
                .eraseAll(id -> {
                    OptionalInt index = ClassPersistenceId.labelOf(id);
                    return index.isPresent()
                            && registry.isForgotten(index.getAsInt())
                            && damage.of(id).isEmpty();
                })
                .exceptionally(failure -> {
                    log.warn(
                            "Could not delete late events of forgotten classes from the store: {}."
                                    + " The next start tries again; nothing needs to be done.",
                            Asks.reasonOf(Asks.causeOf(failure)));
                    return Done.getInstance();
                });
    }

    /** Takes the next step of every removal whose last event the registry has persisted. */
    void proceed(ClassRegistryState registry) {
        if (shared) {
            replyAboutForgotten(registry);
            return;
        }
        for (int label : registry.forgetting()) {
            if (started.add(label)) {
                stop(label);
            }
        }
        for (int label : List.copyOf(erased)) {
            if (!registry.forgetting().contains(label)) {
                erased.remove(label);
                started.remove(label);
                Optional.ofNullable(removals.remove(label)).ifPresent(Removal::reply);
            }
        }
    }

    /** Replies about the classes whose rows the owner of the registry has deleted. */
    private void replyAboutForgotten(ClassRegistryState registry) {
        removals.keySet().stream().filter(registry::isForgotten).toList().forEach(label -> Optional.ofNullable(
                        removals.remove(label))
                .ifPresent(Removal::reply));
    }

    /**
     * Stops the class actor between two writes, since a write in progress could be committed after the rows of the
     * class are deleted.
     */
    private void stop(int label) {
        Removal removal = removals.get(label);
        if (removal == null) {
            erase(label);
        } else if (removal.entry().isReady()) {
            removal.entry().actor().tell(new ClassCommand.Stop());
            context.scheduleOnce(STOP_TIMEOUT, context.getSelf(), new IntakeSelfMessage.StopTimedOut(label));
        } else {
            context.stop(removal.entry().actor());
        }
    }

    /** Stops the class actor at once, because it has waited for the store for too long. */
    void onStopTimedOut(int label) {
        Removal removal = removals.get(label);
        if (removal != null) {
            context.stop(removal.entry().actor());
        }
    }

    /** Deletes the rows of a class whose actor has stopped and writes no more. */
    void onStopped(int label) {
        if (started.contains(label)) {
            erase(label);
        }
    }

    /** Deletes the rows of a class whose actor has stopped, or tries again to delete them. */
    void erase(int label) {
        Asks.pipeToSelf(
                context,
                retention.erase(ClassPersistenceId.of(label).id()),
                _ -> new IntakeSelfMessage.Erased(label, true),
                failure -> {
                    warnOf(failure);
                    return new IntakeSelfMessage.Erased(label, false);
                });
    }

    private void warnOf(Throwable failure) {
        if (warning.isDue(StoreFailure.of(failure))) {
            context.getLog()
                    .warn(
                            "Could not delete a forgotten class from the store: {}. The service tries again; if this"
                                    + " recurs, check the disk or the database server, and that the service may delete"
                                    + " rows.",
                            Asks.reasonOf(failure));
        }
    }

    void onErased(int label, boolean succeeded) {
        if (succeeded) {
            warning.reset();
            erased.add(label);
        } else {
            context.scheduleOnce(ERASE_RETRY, context.getSelf(), new IntakeSelfMessage.EraseDue(label));
        }
    }
}
