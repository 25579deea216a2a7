package dev.reverie.actors.deduplication;

import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayFIFOQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Finds the fingerprints of the last samples of a class by their ids, so that a duplicate is not counted again. Not
 * thread safe.
 */
public final class DuplicateIndex {

    private final Long2LongOpenHashMap contents = new Long2LongOpenHashMap();
    /** In the order of arrival. */
    private final LongArrayFIFOQueue ids = new LongArrayFIFOQueue();

    /**
     * What a class knows of samples that arrive together.
     *
     * @param fresh positions of the samples that are new, up to the conflict
     * @param conflict position of the first sample whose id belongs to another image; empty if there is none
     */
    public record Examination(List<Integer> fresh, OptionalInt conflict) {
        public Examination {
            fresh = List.copyOf(fresh);
        }
    }

    /** Looks up samples that arrive together. A sample that is equal to an earlier one of them is not new. */
    public Examination examine(FingerprintBlock samples) {
        List<Integer> fresh = new ArrayList<>();
        Long2LongOpenHashMap freshContents = new Long2LongOpenHashMap();
        for (int i = 0; i < samples.size(); i++) {
            long id = samples.id(i);
            Optional<Long> earlier = freshContents.containsKey(id) ? Optional.of(freshContents.get(id)) : contentOf(id);
            if (earlier.isEmpty()) {
                freshContents.put(id, samples.content(i));
                fresh.add(i);
            } else if (earlier.get() != samples.content(i)) {
                return new Examination(fresh, OptionalInt.of(i));
            }
        }
        return new Examination(fresh, OptionalInt.empty());
    }

    /** Hash of the content that arrived with an id; empty if the id is not known. */
    private Optional<Long> contentOf(long id) {
        return contents.containsKey(id) ? Optional.of(contents.get(id)) : Optional.empty();
    }

    /** Adds samples, and removes the oldest ones beyond a capacity. */
    public void add(FingerprintBlock samples, int capacity) {
        for (int i = 0; i < samples.size(); i++) {
            contents.put(samples.id(i), samples.content(i));
            ids.enqueue(samples.id(i));
        }
        trim(capacity);
    }

    /** Removes the oldest samples beyond a capacity. */
    public void trim(int capacity) {
        while (ids.size() > capacity) {
            contents.remove(ids.dequeueLong());
        }
    }

    /** Removes all samples. */
    public void clear() {
        contents.clear();
        ids.clear();
    }
}
