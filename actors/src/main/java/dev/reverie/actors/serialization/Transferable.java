package dev.reverie.actors.serialization;

/**
 * Marks values that are stored, or sent between actors that may live in different processes. Their classes are
 * registered by a {@link FormatProvider}, and {@link KryoSerializer} serialises them.
 */
public interface Transferable {}
