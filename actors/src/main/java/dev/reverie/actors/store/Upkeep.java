package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.apache.pekko.Done;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the file of a store in proportion to its content, for as long as the store is open. About once a second, it
 * gives free pages back to the disk if there are many, in slices of a few milliseconds with pauses, so that commits
 * hardly have to wait. Without commits, it moves the log into the file. Runs on the thread of the {@link StoreWriter},
 * and ends with it.
 */
final class Upkeep {

    private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

    /** The duration of a slice that is aimed at; none should take more than twice as long. */
    private static final Duration SLICE = Duration.ofMillis(8);

    private static final int FIRST_PAGES = 4;
    private static final int MAX_PAGES = 4096;

    /** The pause after a slice, as a multiple of its duration. */
    private static final int PAUSE = 2;

    /** Free pages that are kept, since new rows soon need them: these, and this fraction of all. */
    private static final int KEPT_PAGES = 256;

    private static final int KEPT_FRACTION = 4;

    /** Pages that {@link #compact} releases in one transaction. */
    private static final int COMPACTED_PAGES = 1024;

    private final StoreWriter writer;
    private final SqliteDatabase database;
    private final LongSupplier nanos;
    private int pages = FIRST_PAGES;
    private long lastChanges = -1;
    private boolean logIsEmpty;
    private boolean unflushed;
    private long lastFlush;

    private Upkeep(StoreWriter writer, SqliteDatabase database, LongSupplier nanos) {
        this.writer = writer;
        this.database = database;
        this.nanos = nanos;
        this.lastFlush = nanos.getAsLong();
    }

    /**
     * Starts the upkeep of an SQLite file.
     *
     * @param nanos a time in nanoseconds that never goes back, as {@link System#nanoTime}
     */
    static void start(StoreWriter writer, SqliteDatabase database, LongSupplier nanos) {
        Upkeep upkeep = new Upkeep(writer, database, nanos);
        writer.later(Duration.ZERO, upkeep::run);
    }

    private void run() {
        Duration pause = database.flush() == Flush.SECOND ? REST : PAUSE_AFTER_FAILURE;
        try {
            pause = writer.use(this::round);
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("The upkeep of the store {} has failed", database.name(), failure);
        } finally {
            writer.later(pause, this::run);
        }
    }

    /** Does a part of the work, and returns the pause after it. */
    private Duration round(Connection connection) throws SQLException {
        boolean changed = hasChanged(connection);
        flushIfDue(connection, changed);
        if (freePages(connection) > KEPT_PAGES + StoreRows.number(connection, "PRAGMA page_count") / KEPT_FRACTION) {
            long start = nanos.getAsLong();
            release(connection, pages);
            Duration slice = Duration.ofNanos(nanos.getAsLong() - start);
            adapt(slice);
            logIsEmpty = false;
            return slice.multipliedBy(PAUSE);
        }
        if (!changed && !logIsEmpty) {
            logIsEmpty = emptyLog(connection);
        }
        return REST;
    }

    /** Lets the next slice take about as long as wanted, but at most twice as long as this one. */
    private void adapt(Duration slice) {
        long wanted = pages * SLICE.toNanos() / Math.max(1, slice.toNanos());
        pages = (int) Math.clamp(wanted, 1, Math.min(MAX_PAGES, 2L * pages));
    }

    /** Whether rows have been written since the last call. */
    private boolean hasChanged(Connection connection) throws SQLException {
        long changes = totalChanges(connection);
        boolean changed = changes != lastChanges;
        lastChanges = changes;
        logIsEmpty &= !changed;
        return changed;
    }

    private static long totalChanges(Connection connection) throws SQLException {
        return StoreRows.number(connection, "SELECT total_changes()");
    }

    /** Flushes the log about a second after a commit that was not flushed, also between two slices. */
    private void flushIfDue(Connection connection, boolean changed) throws SQLException {
        unflushed |= changed;
        long now = nanos.getAsLong();
        if (database.flush() == Flush.SECOND && unflushed && now - lastFlush >= REST.toNanos()) {
            flush(connection);
            unflushed = false;
            lastFlush = now;
        }
    }

    /** Flushes the log, by a commit that does, after which all earlier ones are durable. */
    private void flush(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA synchronous = FULL");
            try {
                StoreRows.touch(connection, database);
            } finally {
                statement.execute("PRAGMA synchronous = NORMAL");
            }
        }
        lastChanges = totalChanges(connection);
    }

    /**
     * Gives all free pages back to the disk.
     *
     * @param progress is told how many of them have been given back
     */
    static Done compact(Connection connection, CheckProgress progress) throws SQLException {
        long free = freePages(connection);
        for (long left = free; left > 0; left = freePages(connection)) {
            progress.read(free - left, free);
            release(connection, COMPACTED_PAGES);
        }
        emptyLog(connection);
        return Done.getInstance();
    }

    private static long freePages(Connection connection) throws SQLException {
        return StoreRows.number(connection, "PRAGMA freelist_count");
    }

    /** Moves pages from the end of the file into free ones, and gives as many back to the disk. */
    private static void release(Connection connection, int pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
        }
    }

    /**
     * Empties the log.
     *
     * @throws SQLException if a reader still needs it
     */
    static Done requireEmptyLog(Connection connection) throws SQLException {
        if (!emptyLog(connection)) {
            throw new SQLException("the log is in use");
        }
        return Done.getInstance();
    }

    /**
     * Moves all pages from the log into the file, and empties the log.
     *
     * @return false if a reader still needs the log
     */
    static boolean emptyLog(Connection connection) throws SQLException {
        long patience = StoreRows.number(connection, "PRAGMA busy_timeout");
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 0"); // commits must not wait for a reader
            return StoreRows.number(connection, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
        } finally {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = " + patience);
            }
        }
    }
}
