package dev.reverie.actors.lifecycle;

import dev.reverie.actors.reservoir.ReservoirImage;
import java.util.List;

/** About how many bytes things take in the store, to weigh the journal against a snapshot. */
final class StoredSizes {

    /** A row without its payload, with its index entries. */
    static final long ROW = 200;

    private static final long FINGERPRINT = 16;

    private StoredSizes() {}

    static long of(int fingerprints) {
        return FINGERPRINT * fingerprints;
    }

    static long of(List<ReservoirImage> kept) {
        return kept.isEmpty()
                ? 0
                : (long) kept.size() * (kept.getFirst().image().shape().size() + Long.BYTES);
    }

    static long of(LearnedImages learned) {
        return 3L
                * Float.BYTES
                * learned.images().count()
                * learned.images().shape().size();
    }
}
