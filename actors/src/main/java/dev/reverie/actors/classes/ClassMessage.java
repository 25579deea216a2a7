package dev.reverie.actors.classes;

import dev.reverie.actors.serialization.Transferable;

/**
 * A message to the actor of a class. Every class actor understands {@link ClassActor.Command}; the actor of a class on a
 * stream also understands commands that add samples to it.
 */
public interface ClassMessage extends Transferable {}
