package dev.reverie.actors.serialization;

/**
 * Marks values that are stored, or sent between actors that may live in different processes. A {@link FormatProvider}
 * registers their class, and {@link KryoSerializer} serialises them.
 */
public interface Transferable {}
