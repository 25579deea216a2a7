package dev.reverie.actors.intake;

import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The classes that are being forgotten, and who waits for it. First, the registry persists that forgetting has started,
 * so that a half-deleted class cannot come back after a kill. Then its owner deletes the rows of the class, and
 * persists that the class is forgotten. Owned by the intake.
 */
final class ClassRemovals {

    private final Map<Integer, Removal> removals = new TreeMap<>();

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
        removals.computeIfAbsent(entry.index(), _ -> new Removal(entry, new ArrayList<>()))
                .requesters()
                .add(replyTo);
    }

    /**
     * Replies that no class has this name, as soon as that is durable: at once, or when the last removal of a class
     * with this name has ended.
     */
    void replyWhenRemoved(String name, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.values().stream()
                .filter(removal -> removal.entry().label().equals(name))
                .reduce((_, later) -> later)
                .ifPresentOrElse(
                        removal -> removal.requesters().add(replyTo),
                        () -> replyTo.tell(new IntakeActor.Forgotten(false)));
    }

    /** The removals that the registry has not persisted yet. */
    List<ClassRegistryEvent> missingEvents(ClassRegistryState registry) {
        return removals.keySet().stream()
                .filter(index -> registry.names().containsKey(index))
                .<ClassRegistryEvent>map(ClassRegistryEvent.ForgettingStarted::new)
                .toList();
    }

    /** Replies about the classes that a registry has forgotten. */
    void reply(ClassRegistryState registry) {
        removals.keySet().stream().filter(registry::isForgotten).toList().forEach(index -> Optional.ofNullable(
                        removals.remove(index))
                .ifPresent(Removal::reply));
    }
}
