package dev.reverie.actors.lifecycle;

import dev.reverie.actors.reservoir.ReservoirImage;
import java.util.List;

/** Estimates sizes in the store, in bytes, for a comparison of the journal with a snapshot. */
final class StoredSizes {

    /** Size of a row without its payload, including its index entries. */
    static final long ROW = 200;

    private static final long FINGERPRINT = 16;

    private StoredSizes() {}

    static long of(int fingerprints) {
        return FINGERPRINT * fingerprints;
    }

    static long of(List<ReservoirImage> images) {
        return images.isEmpty()
                ? 0
                : (long) images.size() * (images.getFirst().image().shape().size() + 2 * Long.BYTES);
    }

    static long of(LearnedImages learned) {
        return ofLearned(
                (long) learned.images().count() * learned.images().shape().size());
    }

    /**
     * Size of learned images with their momentum and their average.
     *
     * @param values number of values of the images
     */
    static long ofLearned(long values) {
        return 3 * Float.BYTES * values;
    }
}
