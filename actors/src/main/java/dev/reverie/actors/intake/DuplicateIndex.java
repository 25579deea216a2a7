package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayFIFOQueue;
import java.util.OptionalLong;

/**
 * The samples that a repetition of is recognised: the last ones of every class, durable or on their way. Not thread
 * safe.
 */
final class DuplicateIndex {

    private final Long2LongOpenHashMap contents = new Long2LongOpenHashMap();
    private final Int2ObjectOpenHashMap<LongArrayFIFOQueue> order = new Int2ObjectOpenHashMap<>();

    /** Hash of the content that an id is known with. */
    OptionalLong contentOf(long id) {
        return contents.containsKey(id) ? OptionalLong.of(contents.get(id)) : OptionalLong.empty();
    }

    /** A sample is on its way to its class; the oldest one that there is no room for is no longer known. */
    void add(int label, SampleFingerprint sample, int room) {
        remember(label, sample.id(), sample.content());
        trim(label, room);
    }

    /** Instead of what was known of a class. */
    void replace(int label, FingerprintBlock samples) {
        forget(label);
        for (int i = 0; i < samples.size(); i++) {
            remember(label, samples.id(i), samples.content(i));
        }
    }

    void trim(int label, int room) {
        LongArrayFIFOQueue ids = order.get(label);
        while (ids != null && ids.size() > room) {
            contents.remove(ids.dequeueLong());
        }
    }

    void forget(int label) {
        trim(label, 0);
        order.remove(label);
    }

    private void remember(int label, long id, long content) {
        contents.put(id, content);
        order.computeIfAbsent(label, none -> new LongArrayFIFOQueue()).enqueue(id);
    }
}
