package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleFingerprint;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayFIFOQueue;
import java.util.Optional;

/**
 * Remembers the fingerprints of the last samples of every class, including samples that are not durable yet, so that a
 * duplicate is not counted again. An id belongs to its class: other classes may have samples with the same id. Not
 * thread safe.
 */
final class DuplicateIndex {

    private final Int2ObjectOpenHashMap<Samples> classes = new Int2ObjectOpenHashMap<>();

    /** The samples of one class: content hashes by id, and the ids in the order of arrival. */
    private record Samples(Long2LongOpenHashMap contents, LongArrayFIFOQueue ids) {

        Samples() {
            this(new Long2LongOpenHashMap(), new LongArrayFIFOQueue());
        }

        void put(long id, long content) {
            contents.put(id, content);
            ids.enqueue(id);
        }

        void trim(int capacity) {
            while (ids.size() > capacity) {
                contents.remove(ids.dequeueLong());
            }
        }
    }

    /** Hash of the content that arrived in a class with an id; empty if the class does not know the id. */
    Optional<Long> contentOf(int label, long id) {
        return Optional.ofNullable(classes.get(label))
                .map(Samples::contents)
                .filter(contents -> contents.containsKey(id))
                .map(contents -> contents.get(id));
    }

    /** Adds a sample, and removes the oldest ones beyond the capacity of its class. */
    void add(int label, SampleFingerprint sample, int capacity) {
        Samples samples = classes.computeIfAbsent(label, none -> new Samples());
        samples.put(sample.id(), sample.content());
        samples.trim(capacity);
    }

    /** Replaces all samples of a class. */
    void replace(int label, FingerprintBlock fingerprints) {
        Samples samples = new Samples();
        for (int i = 0; i < fingerprints.size(); i++) {
            samples.put(fingerprints.id(i), fingerprints.content(i));
        }
        classes.put(label, samples);
    }

    /** Removes the oldest samples of a class beyond a capacity. */
    void trim(int label, int capacity) {
        Optional.ofNullable(classes.get(label)).ifPresent(samples -> samples.trim(capacity));
    }

    /** Removes all samples of a class. */
    void remove(int label) {
        classes.remove(label);
    }
}
