package dev.reverie.actors.classes;

import dev.reverie.actors.serialization.Transferable;

/**
 * A message to the actor of a class. Every class actor understands {@link ClassActor.Command}; the class actors of a
 * service understand further commands.
 */
public interface ClassMessage extends Transferable {}
