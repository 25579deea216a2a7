package dev.reverie.actors.serialization;

/**
 * Marks values that are stored, or that can be sent to another process. A {@link FormatProvider} registers the classes
 * of transferable values, and {@link KryoSerializer} serialises them.
 */
public interface Transferable {}
