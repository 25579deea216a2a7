package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.DurableClassActor;
import dev.reverie.actors.registry.ClassRegistryEvent;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;

/**
 * Removes forgotten classes in four steps. First, the registry persists that forgetting has started, so that a
 * half-deleted class can't come back after a kill. Then the class actor stops, the rows of the class are deleted from
 * the store, and the registry persists that the class is forgotten. Owned by the intake.
 */
final class ClassRemovals {

    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration ERASE_RETRY = Duration.ofSeconds(5);

    private final ActorContext<IntakeActor.Command> context;
    private final Retention retention;
    private final Map<Integer, ClassEntry> removals = new HashMap<>();
    private final Map<Integer, ActorRef<IntakeActor.Forgotten>> replies = new HashMap<>();
    private final Set<Integer> started = new HashSet<>();
    private final Set<Integer> erased = new HashSet<>();

    ClassRemovals(ActorContext<IntakeActor.Command> context, Retention retention) {
        this.context = context;
        this.retention = retention;
    }

    /** Starts to remove a class. The caller then appends {@link #missingEvents} to the registry. */
    void start(ClassEntry entry, ActorRef<IntakeActor.Forgotten> replyTo) {
        removals.put(entry.label(), entry);
        replies.put(entry.label(), replyTo);
    }

    boolean includes(int label) {
        return removals.containsKey(label);
    }

    /** The removal events that the registry has not persisted yet. */
    List<ClassRegistryEvent> missingEvents(ClassRegistryState registry) {
        List<ClassRegistryEvent> events = new ArrayList<>();
        for (int label : removals.keySet()) {
            if (registry.names().get(label).isPresent()) {
                events.add(new ClassRegistryEvent.ForgettingStarted(label));
            }
        }
        registry.forgetting().stream()
                .filter(erased::contains)
                .forEach(label -> events.add(new ClassRegistryEvent.Forgotten(label)));
        return events;
    }

    /**
     * Deletes, once more, the rows of classes that were forgotten before this process started. A late write of a
     * stopped actor may have been committed after the first deletion.
     */
    void eraseLateRows(ClassRegistryState registry) {
        for (int label = 0; label < registry.names().size(); label++) {
            String id = DurableClassActor.persistenceId(label).id();
            if (registry.names().get(label).isEmpty() && !registry.forgetting().contains(label)) {
                retention.erase(id).exceptionally(failure -> {
                    context.getSystem()
                            .log()
                            .warn(
                                    "Could not delete late events of the forgotten class {} from the store: {}."
                                            + " The next start tries again; nothing needs to be done.",
                                    id,
                                    failure.toString());
                    return Done.getInstance();
                });
            }
        }
    }

    /** Takes the next step of every removal whose last event the registry has persisted. */
    void proceed(ClassRegistryState registry) {
        for (int label : registry.forgetting()) {
            if (started.add(label)) {
                stop(label);
            }
        }
        for (int label : List.copyOf(erased)) {
            if (!registry.forgetting().contains(label)) {
                erased.remove(label);
                removals.remove(label);
                ActorRef<IntakeActor.Forgotten> replyTo = replies.remove(label);
                if (replyTo != null) {
                    replyTo.tell(new IntakeActor.Forgotten(true));
                }
            }
        }
    }

    /**
     * Stops the class actor between two writes, since a write in progress could be committed after the rows of the
     * class are deleted.
     */
    private void stop(int label) {
        ClassEntry entry = removals.get(label);
        if (entry == null) {
            erase(label);
        } else if (entry.isReady()) {
            entry.actor().tell(new ClassCommand.Stop());
            context.scheduleOnce(STOP_TIMEOUT, context.getSelf(), new IntakeActor.StopTimedOut(label));
        } else {
            context.stop(entry.actor());
        }
    }

    /** Stops the class actor at once, because it has waited for the store for too long. */
    void onStopTimedOut(int label) {
        ClassEntry entry = removals.get(label);
        if (entry != null) {
            context.stop(entry.actor());
        }
    }

    /** Deletes the rows of a class whose actor has stopped and writes no more. */
    void onStopped(int label) {
        if (started.contains(label)) {
            erase(label);
        }
    }

    private void erase(int label) {
        context.pipeToSelf(
                retention.erase(DurableClassActor.persistenceId(label).id()),
                (done, failure) -> new IntakeActor.Erased(label, failure == null));
    }

    void onErased(int label, boolean succeeded) {
        if (succeeded) {
            erased.add(label);
        } else {
            context.scheduleOnce(ERASE_RETRY, context.getSelf(), new IntakeActor.ClassStopped(label));
        }
    }
}
