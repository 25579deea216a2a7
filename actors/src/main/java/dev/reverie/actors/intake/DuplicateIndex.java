package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayFIFOQueue;
import java.util.OptionalLong;

/**
 * Remembers the fingerprints of the last samples of every class, including samples that are not durable yet, so that a
 * duplicate is not counted again. Not thread safe.
 */
final class DuplicateIndex {

    private final Long2LongOpenHashMap contentsById = new Long2LongOpenHashMap();
    private final Int2ObjectOpenHashMap<LongArrayFIFOQueue> idsByClass = new Int2ObjectOpenHashMap<>();

    /** Hash of the content that arrived with an id; empty if the id is unknown. */
    OptionalLong contentOf(long id) {
        return contentsById.containsKey(id) ? OptionalLong.of(contentsById.get(id)) : OptionalLong.empty();
    }

    /** Adds a sample, and removes the oldest ones beyond the capacity of its class. */
    void add(int label, SampleFingerprint sample, int capacity) {
        put(label, sample.id(), sample.content());
        trim(label, capacity);
    }

    /** Replaces all samples of a class. */
    void replace(int label, FingerprintBlock samples) {
        remove(label);
        for (int i = 0; i < samples.size(); i++) {
            put(label, samples.id(i), samples.content(i));
        }
    }

    /** Removes the oldest samples of a class beyond a capacity. */
    void trim(int label, int capacity) {
        LongArrayFIFOQueue ids = idsByClass.get(label);
        while (ids != null && ids.size() > capacity) {
            contentsById.remove(ids.dequeueLong());
        }
    }

    /** Removes all samples of a class. */
    void remove(int label) {
        trim(label, 0);
        idsByClass.remove(label);
    }

    private void put(int label, long id, long content) {
        contentsById.put(id, content);
        idsByClass.computeIfAbsent(label, none -> new LongArrayFIFOQueue()).enqueue(id);
    }
}
