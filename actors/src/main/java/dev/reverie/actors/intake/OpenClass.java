package dev.reverie.actors.intake;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassInfo;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A class of a running service, as its intake knows it.
 *
 * @param info what the class has published last
 * @param failing whether the class is damaged, or cannot use the store and has not recovered since; its actor answers
 *     no request until it has recovered
 * @param actor the actor that owns the class, or stands for it; it stays the same until the class is forgotten or the
 *     service stops
 */
public record OpenClass(ClassInfo info, boolean failing, ActorRef<ClassMessage> actor) {}
