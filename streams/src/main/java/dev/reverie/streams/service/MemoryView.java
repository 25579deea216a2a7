package dev.reverie.streams.service;

import dev.reverie.gpu.dataset.DistilledSet;

/**
 * The memory at one moment.
 *
 * @param version changes whenever the set does, also across restarts
 */
public record MemoryView(String version, DistilledSet set) {}
