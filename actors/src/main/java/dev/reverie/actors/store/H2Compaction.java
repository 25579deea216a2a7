package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.h2.mvstore.RandomAccessStore;

/**
 * Compacts an open H2 file in slices. H2 reuses a chunk of the file only when it has no live data, and H2's background
 * thread, which moves the last live data out of a chunk, does not run if every commit is flushed. No SQL statement
 * compacts an open database, so this class uses H2's internal storage engine. Not thread safe.
 */
final class H2Compaction {

    /** Target share of live data in the chunks, and of chunks in the file, in percent. */
    private static final int FILL_RATE = 60;

    /** A smaller file is not compacted, in bytes. */
    private static final long MIN_SIZE = 4 << 20;

    private final MVStore store;
    private final RandomAccessStore file;
    private final DurableVersion durable;

    private H2Compaction(MVStore store, RandomAccessStore file) {
        this.store = store;
        this.file = file;
        this.durable = new DurableVersion(store, file);
    }

    /**
     * Returns the compaction of the database of a connection.
     *
     * @throws SQLException if the database is not an H2 file opened by this process
     */
    static H2Compaction of(Connection connection) throws SQLException {
        if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
            MVStore store = session.getDatabase().getStore().getMvStore();
            if (store.getFileStore() instanceof RandomAccessStore file) {
                return new H2Compaction(store, file);
            }
        }
        throw new SQLException("the database is not a file of this process");
    }

    /** Whether this is the compaction of the same open file. */
    boolean isSame(H2Compaction other) {
        return store == other.store;
    }

    /** The number of the last commit. */
    long version() {
        return store.getCurrentVersion();
    }

    /** Size of the file in bytes. */
    long size() {
        return file.size();
    }

    /** Bytes of live data in the file. */
    long live() {
        return file.size() / 100 * file.getFillRate() / 100 * file.getChunksFillRate();
    }

    /**
     * Makes everything committed durable, and then frees the chunks without live data.
     *
     * @throws MVStoreException if the file cannot be flushed; the database is closed then
     */
    void free() {
        flushing(durable::advance);
    }

    /**
     * Runs a task that flushes the file. If a flush fails, closes the database: the operating system may have dropped
     * what it could not write, and the next flush would not say so.
     */
    private void flushing(Runnable task) {
        try {
            task.run();
        } catch (MVStoreException failure) {
            if (failure.getErrorCode() == DataUtils.ERROR_WRITING_FAILED) {
                H2FileDriver.closeUnflushed(store);
            }
            throw failure;
        }
    }

    /** Whether live data should be moved. */
    boolean isSparse() {
        return file.size() >= MIN_SIZE && file.getChunksFillRate() < FILL_RATE;
    }

    /**
     * Moves live data out of the emptiest chunks. Commits wait during a slice.
     *
     * @param maxBytes maximum number of bytes to move
     * @return whether anything was moved
     */
    boolean rewrite(int maxBytes) {
        if (!isSparse()) {
            return false;
        }
        boolean moved = durable.withoutFreeing(() -> file.compact(FILL_RATE, maxBytes));
        if (moved) {
            store.commit();
        }
        return moved;
    }

    /** Whether enough of the file is free to truncate it. */
    boolean hasHoles() {
        return file.size() >= MIN_SIZE && file.getFillRate() < FILL_RATE;
    }

    /**
     * Moves chunks from the end of the file into free space, and truncates the file. Commits wait during a slice, which
     * includes several flushes to the disk.
     *
     * @param maxBytes maximum number of bytes to move; larger chunks stay where they are
     * @return whether the file shrank
     */
    boolean shrink(int maxBytes) {
        if (!hasHoles()) {
            return false;
        }
        long before = file.size();
        flushing(() -> {
            durable.withoutFreeing(() -> {
                file.compactMoveChunks(FILL_RATE, maxBytes, store);
                return true;
            });
            durable.advance(); // the flushed version named in the header may refer to where the chunks were
        });
        return file.size() < before;
    }
}
