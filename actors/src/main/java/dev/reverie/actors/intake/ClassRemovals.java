package dev.reverie.actors.intake;

import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.DurableClassActor;
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
 * Classes that are being forgotten. First the registry says so, so that a kill can't bring half of a class back; then
 * its actor stops, its rows go, and the registry says that it is done. Owned by the intake.
 */
final class ClassRemovals {

    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final ActorContext<IntakeActor.Command> context;
    private final Retention retention;
    private final Map<Integer, ClassEntry> leaving = new HashMap<>();
    private final Map<Integer, ActorRef<IntakeActor.Forgotten>> waiting = new HashMap<>();
    private final Set<Integer> erasing = new HashSet<>();
    private final Set<Integer> erased = new HashSet<>();

    ClassRemovals(ActorContext<IntakeActor.Command> context, Retention retention) {
        this.context = context;
        this.retention = retention;
    }

    void begin(ClassEntry entry, ActorRef<IntakeActor.Forgotten> replyTo) {
        leaving.put(entry.label(), entry);
        waiting.put(entry.label(), replyTo);
    }

    boolean includes(int label) {
        return leaving.containsKey(label);
    }

    /** What the registry does not say yet. */
    List<ClassRegistryEvent> missing(ClassRegistry registry) {
        List<ClassRegistryEvent> events = new ArrayList<>();
        for (int label : leaving.keySet()) {
            if (registry.labels().get(label).isPresent()) {
                events.add(new ClassRegistryEvent.ForgettingBegun(label));
            }
        }
        registry.forgetting().stream()
                .filter(erased::contains)
                .forEach(label -> events.add(new ClassRegistryEvent.Forgotten(label)));
        return events;
    }

    /**
     * Erases classes that were forgotten before this process began once more: a write that outlived the actor it was
     * for may have been committed after all the rest was gone.
     */
    void sweep(ClassRegistry registry) {
        for (int label = 0; label < registry.labels().size(); label++) {
            String id = DurableClassActor.persistenceId(label).id();
            if (registry.labels().get(label).isEmpty() && !registry.forgetting().contains(label)) {
                retention.erase(id).exceptionally(failure -> {
                    context.getSystem()
                            .log()
                            .warn("What is left of {} could not be erased: {}", id, failure.toString());
                    return Done.getInstance();
                });
            }
        }
    }

    /** Goes on with what the registry says is durable. */
    void settle(ClassRegistry registry) {
        for (int label : registry.forgetting()) {
            if (erasing.add(label)) {
                stop(label);
            }
        }
        for (int label : List.copyOf(erased)) {
            if (!registry.forgetting().contains(label)) {
                erased.remove(label);
                leaving.remove(label);
                ActorRef<IntakeActor.Forgotten> replyTo = waiting.remove(label);
                if (replyTo != null) {
                    replyTo.tell(new IntakeActor.Forgotten(true));
                }
            }
        }
    }

    /** Not in the middle of a write: that would be committed after the rows are gone. */
    private void stop(int label) {
        ClassEntry entry = leaving.get(label);
        if (entry == null) {
            erase(label);
        } else if (entry.isReady()) {
            entry.actor().tell(new ClassCommand.Leave());
            context.scheduleOnce(PAUSE, context.getSelf(), new IntakeActor.LeavingIsLate(label));
        } else {
            context.stop(entry.actor());
        }
    }

    /** The store holds its actor up; it is not waited for any longer. */
    void late(int label) {
        ClassEntry entry = leaving.get(label);
        if (entry != null) {
            context.stop(entry.actor());
        }
    }

    /** The actor of a class has stopped; nobody writes its rows any more. */
    void stopped(int label) {
        if (erasing.contains(label)) {
            erase(label);
        }
    }

    private void erase(int label) {
        context.pipeToSelf(
                retention.erase(DurableClassActor.persistenceId(label).id()),
                (done, failure) -> new IntakeActor.Erased(label, failure == null));
    }

    void erased(int label, boolean done) {
        if (done) {
            erased.add(label);
        } else {
            context.scheduleOnce(PAUSE, context.getSelf(), new IntakeActor.Stopped(label));
        }
    }
}
