package dev.reverie.actors.store;

import java.time.Duration;

/** The size of a slice of compaction, adapted so that a slice takes about 8 to 20 ms. Not thread safe. */
final class SliceSize {

    private static final int MIN_BYTES = 256 << 10;
    private static final int MAX_BYTES = 32 << 20;
    private static final Duration SHORT = Duration.ofMillis(8);
    private static final Duration LONG = Duration.ofMillis(20);

    private int bytes = 1 << 20;

    /** Maximum number of bytes that the next slice moves. */
    int bytes() {
        return bytes;
    }

    /** Doubles the size, because no chunk was small enough. Returns false if the size is at its limit. */
    boolean grow() {
        int before = bytes;
        bytes = Math.min(MAX_BYTES, 2 * bytes);
        return bytes > before;
    }

    /** Adapts the size after a slice of the current size has moved something. */
    void onSlice(Duration duration) {
        if (duration.compareTo(LONG) > 0) {
            bytes = Math.max(MIN_BYTES, bytes / 2);
        } else if (duration.compareTo(SHORT) < 0) {
            bytes = Math.min(MAX_BYTES, 2 * bytes);
        }
    }
}
