package dev.reverie.streams.service;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.Dtype;
import java.time.Instant;

/**
 * The memory at one point in time. Its sets can decode an image each time that it is read.
 *
 * @param version hash of the learned images and how they are stored, so equal memories have equal versions, even after
 *     a restart; consists of letters, digits, '.' and '-', because it is part of an entity tag
 * @param set the memory in bytes, as it is handed out and evaluated; its stored images can be packed
 * @param learned the memory in floats, as it is learned
 * @param changed time at which this process first saw the memory with this version
 */
public record MemoryView(String version, DistilledSet set, DistilledSet learned, Instant changed) {

    /** Returns the memory with values of the given type. */
    public DistilledSet as(Dtype dtype) {
        return dtype == Dtype.UINT8 ? set : learned;
    }
}
