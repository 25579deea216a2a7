package dev.reverie.actors.serialization;

/**
 * Marks values that are stored, or that are sent between actors, possibly in different processes. A
 * {@link FormatProvider} registers the classes of transferable values, and {@link KryoSerializer} serialises them.
 */
public interface Transferable {}
