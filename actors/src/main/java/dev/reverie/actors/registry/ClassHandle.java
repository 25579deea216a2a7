package dev.reverie.actors.registry;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.telemetry.ClassPhase;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A class of a running service, as known to the intake when the handle was created.
 *
 * @param index class index, assigned in the order of first arrival and never reused
 * @param seen number of durable samples of the class so far
 * @param sealRequested whether the class is to be sealed as soon as it converges
 * @param damaged whether rows of the class are damaged; its actor then answers no request
 * @param failing whether the class is damaged, or cannot use the store and has not recovered since; its actor answers
 *     no request until it has recovered
 * @param actor the actor that owns the class; it stays the same until the class is forgotten or the service stops
 */
public record ClassHandle(
        int index,
        String name,
        ClassPhase phase,
        long seen,
        boolean sealRequested,
        boolean damaged,
        boolean failing,
        ActorRef<ClassMessage> actor) {}
