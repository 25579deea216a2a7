package dev.reverie.actors.store;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

/**
 * Lets H2 reuse a chunk of its file only when the version that emptied the chunk is on the disk. Otherwise, after a
 * power cut, the file could contain an older version whose chunks are overwritten. H2 itself assumes that every write
 * reaches the disk within its retention time, and keeps each chunk for that time. Here, the retention time is
 * unlimited, except while this class frees chunks.
 *
 * <p>The header of the file names the version of the last flush, and that of a flush that may not be complete yet. One
 * of the two is whole after a power cut, so that {@link H2Recovery} can return to it. Not thread safe, but other
 * threads may write to the database.
 */
final class DurableVersion {

    /** Attribute of the header: the version of the last flush. */
    static final String FLUSHED = "flushed";
    /** Attribute of the header: the version of the next flush, or of the last one. */
    static final String FLUSHING = "flushing";

    private final MVStore store;
    private final FileStore<?> file;
    /** The version of the last flush; negative before the first. */
    private long flushed = -1;

    DurableVersion(MVStore store, FileStore<?> file) {
        this.store = store;
        this.file = file;
        exclusively(this::retainChunks);
    }

    /**
     * Commits, flushes the file to the disk, and frees the chunks that were empty before. Other threads can commit
     * meanwhile.
     */
    void advance() {
        if (flushed < 0) {
            long current = store.getCurrentVersion();
            store.sync();
            flushed = current;
        }
        long next = commitWithHeader();
        store.sync();
        flushed = next;
        exclusively(() -> freeChunks(next));
    }

    /** Commits a version whose number is in the header, and returns the number. */
    private long commitWithHeader() {
        AtomicLong next = new AtomicLong();
        exclusively(() -> {
            next.set(store.getCurrentVersion() + 1);
            file.getStoreHeader().put(FLUSHED, flushed);
            file.getStoreHeader().put(FLUSHING, next.get());
            file.getStoreHeader().put("clean", 1); // H2 removes it and writes the header at the next commit
        });
        store.setStoreVersion(0); // unused; without a change, H2 would not commit
        store.commit();
        return next.get();
    }

    private void freeChunks(long version) {
        store.setVersionsToKeep(Math.toIntExact(store.getCurrentVersion() - version));
        file.setRetentionTime(0);
        try {
            file.dropUnusedChunks();
        } finally {
            retainChunks();
        }
    }

    /** Runs a task that moves data out of chunks but must not free them. No other thread commits meanwhile. */
    boolean withoutFreeing(BooleanSupplier task) {
        AtomicBoolean result = new AtomicBoolean();
        exclusively(() -> {
            store.setVersionsToKeep(Integer.MAX_VALUE);
            file.setRetentionTime(0); // otherwise H2 leaves young chunks alone
            try {
                result.set(task.getAsBoolean());
            } finally {
                retainChunks();
            }
        });
        return result.get();
    }

    private void retainChunks() {
        file.setRetentionTime(Integer.MAX_VALUE);
        store.setVersionsToKeep(0);
    }

    private void exclusively(Runnable task) {
        store.executeFilestoreOperation(task);
    }
}
