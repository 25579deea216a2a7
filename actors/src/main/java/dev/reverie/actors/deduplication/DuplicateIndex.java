package dev.reverie.actors.deduplication;

import it.unimi.dsi.fastutil.longs.Long2IntOpenHashMap;
import it.unimi.dsi.fastutil.longs.Long2LongOpenHashMap;
import it.unimi.dsi.fastutil.longs.LongArrayFIFOQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds the fingerprints of the last samples of a class by their ids, so that a duplicate is not counted again. Not
 * thread safe.
 */
public final class DuplicateIndex {

    private final Long2LongOpenHashMap contents = new Long2LongOpenHashMap();
    /**
     * In the order of arrival. An id that arrived again after it had been removed is there twice if the samples are
     * added again with a larger capacity, as in a recovery.
     */
    private final LongArrayFIFOQueue ids = new LongArrayFIFOQueue();

    /** Number of occurrences in {@link #ids} of each id that occurs there more than once. */
    private final Long2IntOpenHashMap copies = new Long2IntOpenHashMap();

    /**
     * Judges samples that arrive together, one verdict for each. A sample that is equal to an earlier one of them is a
     * duplicate.
     *
     * @param ofNew the verdict on the samples that are new
     */
    public List<SampleVerdict> judge(FingerprintBlock samples, SampleVerdict ofNew) {
        List<SampleVerdict> verdicts = new ArrayList<>(samples.size());
        Long2LongOpenHashMap fresh = new Long2LongOpenHashMap();
        for (int i = 0; i < samples.size(); i++) {
            long id = samples.id(i);
            Optional<Long> earlier = fresh.containsKey(id) ? Optional.of(fresh.get(id)) : contentOf(id);
            if (earlier.isEmpty()) {
                verdicts.add(ofNew);
                if (ofNew == SampleVerdict.STORED) {
                    fresh.put(id, samples.content(i));
                }
            } else {
                verdicts.add(earlier.get() == samples.content(i) ? SampleVerdict.DUPLICATE : SampleVerdict.CONFLICT);
            }
        }
        return verdicts;
    }

    /** Hash of the content that arrived with an id; empty if the id is not known. */
    private Optional<Long> contentOf(long id) {
        return contents.containsKey(id) ? Optional.of(contents.get(id)) : Optional.empty();
    }

    /** Adds samples, and removes the oldest ones beyond a capacity. */
    public void add(FingerprintBlock samples, int capacity) {
        for (int i = 0; i < samples.size(); i++) {
            long id = samples.id(i);
            if (contents.containsKey(id)) {
                copies.put(id, copies.getOrDefault(id, 1) + 1);
            }
            contents.put(id, samples.content(i));
            ids.enqueue(id);
        }
        trim(capacity);
    }

    /** Removes the oldest samples beyond a capacity. */
    public void trim(int capacity) {
        while (ids.size() > capacity) {
            removeOldest();
        }
    }

    private void removeOldest() {
        long id = ids.dequeueLong();
        int left = copies.getOrDefault(id, 1) - 1;
        if (left == 0) {
            contents.remove(id);
        } else if (left == 1) {
            copies.remove(id);
        } else {
            copies.put(id, left);
        }
    }

    public void clear() {
        contents.clear();
        copies.clear();
        ids.clear();
    }
}
