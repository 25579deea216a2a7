package dev.reverie.actors.store;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.h2.mvstore.FileStore;
import org.h2.mvstore.MVStore;

/**
 * Lets H2 reuse a chunk of its file only when the version that emptied the chunk is on the disk. Otherwise, after a
 * power cut, the file could contain an older version whose chunks are overwritten. H2 itself assumes that every write
 * reaches the disk within its retention time, and keeps each chunk for that time. Here, the retention time is
 * unlimited, except while this class frees chunks. Not thread safe, but other threads may write to the database.
 */
final class DurableVersion {

    private final MVStore store;
    private final FileStore<?> file;

    DurableVersion(MVStore store, FileStore<?> file) {
        this.store = store;
        this.file = file;
        exclusively(this::retainChunks);
    }

    /**
     * Flushes the file to the disk, and frees the chunks that were empty before. Other threads can commit meanwhile.
     */
    void advance() {
        long[] version = new long[1];
        exclusively(() -> version[0] = store.getCurrentVersion());
        store.sync();
        exclusively(() -> freeChunks(version[0]));
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
