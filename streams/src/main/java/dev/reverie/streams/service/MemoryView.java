package dev.reverie.streams.service;

import dev.reverie.gpu.dataset.Bits;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import dev.reverie.gpu.formation.Quantisation;
import java.time.Instant;

/**
 * The memory at one point in time.
 *
 * @param version hash of the learned set and its bits, so equal sets have equal versions, even after a restart;
 *     consists of letters, digits, '.' and '-', because it is part of an entity tag
 * @param set the memory in bytes, as it is handed out and evaluated; its stored images can be packed
 * @param learned the memory in floats, as it is learned
 * @param changed time at which this process first saw the memory with this version
 */
public record MemoryView(String version, DistilledSet set, DistilledSet learned, Instant changed) {

    /**
     * Creates the view of a learned set.
     *
     * @param bits bits per value of its stored images
     */
    public static MemoryView of(String version, DistilledSet learned, Bits bits, Instant changed) {
        return new MemoryView(version, Quantisation.to(bits, learned), learned, changed);
    }

    /** Returns the memory with values of the given type. */
    public DistilledSet as(Dtype dtype) {
        return dtype == Dtype.UINT8 ? set : learned;
    }
}
