package dev.reverie.streams.service;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.formation.Quantisation;
import java.time.Instant;

/**
 * The memory at one point in time.
 *
 * @param version hash of the learned set, so equal sets have equal versions, even after a restart; consists of letters,
 *     digits, '.' and '-', because it is part of an entity tag
 * @param set the memory in 8 bits per value, as it is handed out and evaluated
 * @param learned the memory in floats, as it is learned
 * @param changed time at which this process first saw the memory with this version
 */
public record MemoryView(String version, DistilledSet set, DistilledSet learned, Instant changed) {

    /** Creates the view of a learned set. */
    public static MemoryView of(String version, DistilledSet learned, Instant changed) {
        return new MemoryView(version, Quantisation.toBytes(learned), learned, changed);
    }

    /** Returns the memory with values of the given type. */
    public DistilledSet as(Dtype dtype) {
        return dtype == Dtype.UINT8 ? set : learned;
    }
}
