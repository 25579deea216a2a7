package dev.reverie.actors.registry;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassSummary;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.OptionalDouble;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A class of a running service, as the intake knew it when asked.
 *
 * @param label class index: order of first arrival, never reused
 * @param seen samples that are durable
 * @param actor that owns the class; the same for as long as both the class and the service live
 */
public record ClassHandle(int label, String name, ClassPhase phase, long seen, ActorRef<ClassMessage> actor)
        implements Transferable {

    /** Summarises the class without asking its actor: what only the actor knows is 0 or empty. */
    public ClassSummary summaryWithoutActor() {
        return new ClassSummary(label, name, phase, seen, 0, 0, 0, 0, OptionalDouble.empty(), Instant.EPOCH);
    }
}
