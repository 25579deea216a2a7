package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a store is read-only because its disk is full: when little space is left, which the last writes may
 * use, or when a write failed for lack of space. The store accepts writes again once there is room and a write has
 * succeeded. Uses its own thread, and is thread safe.
 */
final class SpaceMonitor implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(SpaceMonitor.class);

    static final long INTERVAL_MILLIS = 1000;

    private final StoreConnection connection;
    private final String name;
    private final LongSupplier freeBytes;
    private final long reserve;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("store-space").daemon().factory());
    private volatile boolean full;

    /**
     * Creates a monitor, which checks the space at once.
     *
     * @param freeBytes usable space on the disk of the store
     * @param reserve the store is read-only when less space is left, and until there is twice as much
     */
    SpaceMonitor(StoreConnection connection, String name, LongSupplier freeBytes, long reserve) {
        this.connection = connection;
        this.name = name;
        this.freeBytes = freeBytes;
        this.reserve = reserve;
        check();
        thread.setContinueExistingPeriodicTasksAfterShutdownPolicy(false);
        var _ = thread.scheduleWithFixedDelay(
                this::checkAgain, INTERVAL_MILLIS, INTERVAL_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Whether the store is read-only. */
    boolean isFull() {
        return full;
    }

    /** Notes the failure of a use of the store. */
    void onFailure(Throwable failure) {
        if (StoreFailure.of(failure) == StoreFailure.FULL) {
            enter(true);
        }
    }

    /** Checks the space; a failure, such as a lack of memory that passes, must not end the periodic task. */
    private void checkAgain() {
        try {
            check();
        } catch (RuntimeException | Error failure) {
            LOG.warn("The space of the store {} could not be checked, but is checked again in a second", name, failure);
        }
    }

    private void check() {
        long free = freeBytes.getAsLong();
        if (full ? free < 2 * reserve : free < reserve) {
            enter(true);
        } else if (full && isWritable()) {
            enter(false);
        }
    }

    private boolean isWritable() {
        try {
            connection.call(rows -> {
                StoreRows.touch(rows);
                return true;
            });
            return true;
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("The store {} can't be written to yet", name, failure);
            return false;
        }
    }

    private synchronized void enter(boolean nowFull) {
        if (nowFull && !full) {
            LOG.warn(
                    "The disk of the store {} is full, so the service is read-only: free some space on the disk. The"
                            + " service then accepts samples again by itself.",
                    name);
        } else if (!nowFull && full) {
            LOG.warn("The disk of the store {} has space again, so the service accepts samples again.", name);
        }
        full = nowFull;
    }

    @Override
    public void close() {
        thread.close();
    }
}
