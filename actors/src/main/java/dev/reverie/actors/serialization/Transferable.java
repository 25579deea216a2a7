package dev.reverie.actors.serialization;

/**
 * Marks what is stored, or sent between actors that may live in different processes. Its class is registered by a
 * {@link FormatProvider}; {@link KryoSerializer} turns it into bytes.
 */
public interface Transferable {}
