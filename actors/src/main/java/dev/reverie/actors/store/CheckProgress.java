package dev.reverie.actors.store;

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
}
