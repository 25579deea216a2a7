package dev.reverie.actors.classes;

import dev.reverie.actors.serialization.Transferable;

/**
 * What the owner of a class understands. Every owner understands {@link ClassActor.Command}; that of a class which
 * takes in a stream understands more, so that one actor serves whoever distils and whoever delivers.
 */
public interface ClassMessage extends Transferable {}
