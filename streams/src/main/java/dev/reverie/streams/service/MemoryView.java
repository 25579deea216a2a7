package dev.reverie.streams.service;

import dev.reverie.gpu.dataset.DistilledSet;
import java.time.Instant;

/**
 * The memory at one point in time.
 *
 * @param version hash of the set, so equal sets have equal versions, even after a restart; consists of letters, digits,
 *     '.' and '-', because it is part of an entity tag
 * @param changed time at which this process first saw the memory with this version
 */
public record MemoryView(String version, DistilledSet set, Instant changed) {}
