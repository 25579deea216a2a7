package dev.reverie.actors.store;

import java.util.concurrent.atomic.AtomicLong;

/** Is told how much of a store has been read. */
@FunctionalInterface
public interface CheckProgress {

    /**
     * Called after each row.
     *
     * @param rows rows that have been read
     * @param total rows of the store, at least approximately
     */
    void read(long rows, long total);

    /** A task that counts one more row of a total each time it runs. */
    default Runnable counting(long total) {
        AtomicLong rows = new AtomicLong();
        return () -> read(rows.incrementAndGet(), total);
    }
}
