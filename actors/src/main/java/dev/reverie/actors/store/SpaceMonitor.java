package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** A fast stream must not use up the reserve between two looks. */
    static final long LOOK_MILLIS = 100;

    /** A second, because {@link RetryPause} counts seconds. */
    static final long HEAL_MILLIS = 1000;

    /** Limit of the pauses between two writes to a full server, in seconds. */
    private static final int SERVER_PAUSE = 30;

    private final StoreWriter writer;
    private final String name;
    private final LongSupplier freeBytes;
    private final long reserve;
    private final Use trial;
    private final RetryPause pause;
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("store-space").daemon().factory());
    private volatile boolean full;
    /** Number of times that the store was found full. */
    private long findings;

    private volatile long free;

    /**
     * Creates the monitor of a store in a folder, which checks the space at once.
     *
     * @param freeBytes usable space on the disk of the store
     * @param reserve the store is read-only when less space is left, and until there is twice as much
     */
    SpaceMonitor(StoreWriter writer, String name, LongSupplier freeBytes, long reserve) {
        this(writer, name, freeBytes, reserve, writer::touch, new RetryPause(1));
    }

    /**
     * Creates a monitor that checks the space at once.
     *
     * @param trial the write that must succeed before a full store accepts writes again
     * @param pause decides when to try it
     */
    SpaceMonitor(StoreWriter writer, String name, LongSupplier freeBytes, long reserve, Use trial, RetryPause pause) {
        this.writer = writer;
        this.name = name;
        this.freeBytes = freeBytes;
        this.reserve = reserve;
        this.trial = trial;
        this.pause = pause;
        look();
        repeat(this::look, LOOK_MILLIS);
        repeat(this::heal, HEAL_MILLIS);
    }

    /** Creates the monitor of a store on a server, whose free space is not known. */
    static SpaceMonitor ofServer(StoreWriter writer, String name) {
        return new SpaceMonitor(
                writer, name, () -> Long.MAX_VALUE, 0, StoreRows::probeSpace, new RetryPause(SERVER_PAUSE));
    }

    /** Repeats a task; a failure, such as a lack of memory that passes, must not end the repetitions. */
    private void repeat(Runnable task, long millis) {
        AtomicBoolean failed = new AtomicBoolean();
        Runnable attempt = () -> {
            try {
                task.run();
                failed.set(false);
            } catch (RuntimeException | Error failure) {
                if (!failed.getAndSet(true)) {
                    LOG.warn(
                            "The space of the store {} could not be checked. It is checked again every {} ms, and"
                                    + " further failures in a row are not reported.",
                            name,
                            millis,
                            failure);
                }
            }
        };
        var _ = thread.scheduleWithFixedDelay(attempt, millis, millis, TimeUnit.MILLISECONDS);
    }

    /** Whether the store is read-only. */
    boolean isFull() {
        return full;
    }

    /** Notes the failure of a use of the store. */
    void onFailure(Throwable failure) {
        if (StoreFailure.of(failure) == StoreFailure.FULL) {
            enterFull();
        }
    }

    private void look() {
        free = freeBytes.getAsLong();
        if (free < reserve) {
            enterFull();
        }
    }

    /** Lets a full store accept writes again if there is room, and lets it be read until then. */
    private void heal() {
        long findingsBefore = findings();
        if (!full) {
            pause.shorten();
        } else if (free < 2 * reserve) {
            return;
        } else if (pause.isOver() && succeeds(trial)) {
            leaveFull(findingsBefore);
        }
    }

    /** A use of the store. */
    interface Use {
        void run(Connection connection) throws SQLException;
    }

    private boolean succeeds(Use use) {
        try {
            writer.call(open -> {
                use.run(open);
                return true;
            });
            return true;
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("The store {} cannot be used yet", name, failure);
            return false;
        }
    }

    private synchronized void enterFull() {
        findings++;
        if (!full) {
            LOG.warn(
                    "The disk of the store {} is full, so the service is read-only: free some space on the disk. The"
                            + " service then accepts samples again by itself.",
                    name);
        }
        full = true;
    }

    private synchronized long findings() {
        return findings;
    }

    /** Accepts writes again, unless the store was found full since then. */
    private synchronized void leaveFull(long findingsBefore) {
        if (findings == findingsBefore) {
            LOG.warn("The disk of the store {} has space again, so the service accepts samples again.", name);
            full = false;
        }
    }

    @Override
    public void close() {
        thread.close();
    }
}
