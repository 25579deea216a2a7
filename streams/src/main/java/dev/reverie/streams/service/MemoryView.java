package dev.reverie.streams.service;

import dev.reverie.gpu.dataset.DistilledSet;

/**
 * The memory at one point in time.
 *
 * @param version hash of the set, so it changes whenever the set changes, and stays the same across restarts otherwise;
 *     consists of letters, digits, '.' and '-', because it is part of an entity tag
 */
public record MemoryView(String version, DistilledSet set) {}
