package dev.reverie.streams.service;

import dev.reverie.gpu.dataset.DistilledSet;

/**
 * The memory at one point in time.
 *
 * @param version changes whenever the set does, also across restarts; consists of letters, digits, '.' and '-', as it
 *     is part of an entity tag
 */
public record MemoryView(String version, DistilledSet set) {}
