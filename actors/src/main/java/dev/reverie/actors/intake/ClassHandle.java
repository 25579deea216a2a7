package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassPhase;
import dev.reverie.actors.serialization.Transferable;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A class of a running service, at the moment it was asked for.
 *
 * @param label class index: order of first arrival, never given to another class
 * @param seen samples that are durable
 * @param owner of the class; the same for as long as the class and the service live
 */
public record ClassHandle(int label, String name, ClassPhase phase, long seen, ActorRef<ClassMessage> owner)
        implements Transferable {}
