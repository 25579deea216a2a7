package dev.reverie.actors.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether a store is read-only because its disk is full: when little space is left, which the last writes may
 * use, or when a write failed for lack of space. The store accepts writes again once there is room and a write has
 * succeeded. Looks on the thread of the {@link StoreWriter}, and ends with it. Thread safe.
 */
final class SpaceMonitor {

    private static final Logger LOG = LoggerFactory.getLogger(SpaceMonitor.class);

    /** A fast stream must not use up the reserve between two looks. */
    static final Duration PAUSE = Duration.ofMillis(100);

    /** Looks in a second, in which a full store is tried once, because {@link RetryPause} counts seconds. */
    static final int LOOKS_PER_TRIAL = 10;

    private final StoreWriter writer;
    private final DiskSpace space;
    private final RetryPause pause;
    private final AtomicBoolean trying = new AtomicBoolean();
    private volatile boolean full;
    /** Number of times that the store was found full. */
    private long findings;

    /** Used by the thread of the writer only, as the next one. */
    private int looks;

    private boolean failed;

    /** Creates a monitor that looks at the space at once. */
    SpaceMonitor(StoreWriter writer, DiskSpace space) {
        this.writer = writer;
        this.space = space;
        this.pause = new RetryPause(space.longestPause());
        requireReserve();
        writer.later(PAUSE, this::look);
    }

    /** Looks again and again; a failure, such as a lack of memory that passes, must not end that. */
    private void look() {
        try {
            long free = requireReserve();
            looks++;
            if (looks % LOOKS_PER_TRIAL == 0) {
                heal(free);
            }
            failed = false;
        } catch (RuntimeException | Error failure) {
            if (!failed) {
                LOG.warn(
                        "The space of the store {} could not be checked. It is checked again every {} ms, and further"
                                + " failures in a row are not reported.",
                        writer.name(),
                        PAUSE.toMillis(),
                        failure);
            }
            failed = true;
        } finally {
            writer.later(PAUSE, this::look);
        }
    }

    private long requireReserve() {
        long free = space.freeBytes().getAsLong();
        if (free < space.reserve()) {
            enterFull();
        }
        return free;
    }

    /** Lets a full store accept writes again if there is room, and lets it be read until then. */
    private void heal(long free) {
        long findingsBefore = findings();
        if (!full) {
            pause.shorten();
        } else if (free >= 2 * space.reserve() && pause.isOver() && isWritable()) {
            leaveFull(findingsBefore);
        }
    }

    private boolean isWritable() {
        try {
            writer.use(space.trial());
            return true;
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("The store {} cannot be used yet", writer.name(), failure);
            if (FailureCause.of(failure) == FailureCause.FULL) {
                enterFull();
            }
            return false;
        }
    }

    /** Whether the store is read-only. */
    boolean isFull() {
        return full;
    }

    /** Notes the failure of a use of the store. SQLite does not tell a quota that is used up from a broken disk. */
    void onFailure(Throwable failure) {
        FailureCause cause = FailureCause.of(failure);
        if (cause == FailureCause.FULL) {
            enterFull();
        } else if (cause == FailureCause.DISK_ERROR && !trying.getAndSet(true)) {
            writer.later(Duration.ZERO, () -> {
                trying.set(false);
                var _ = isWritable();
            });
        }
    }

    private synchronized void enterFull() {
        findings++;
        if (!full) {
            LOG.warn(
                    "The disk of the store {} is full, so the service is read-only: free some space on the disk. The"
                            + " service then accepts samples again by itself.",
                    writer.name());
        }
        full = true;
    }

    private synchronized long findings() {
        return findings;
    }

    /** Accepts writes again, unless the store was found full since then. */
    private synchronized void leaveFull(long findingsBefore) {
        if (findings == findingsBefore) {
            LOG.warn("The disk of the store {} has space again, so the service accepts samples again.", writer.name());
            full = false;
        }
    }

    /**
     * Decides when to retry something that keeps failing. Counts the seconds of the failure, and doubles the pause
     * after each retry. Not thread safe.
     */
    static final class RetryPause {

        private final int longest;
        private int pause = 1;
        private int waited;

        /**
         * Creates an instance whose first pause is one second.
         *
         * @param longest longest pause, in seconds, at least 1
         */
        RetryPause(int longest) {
            this.longest = longest;
        }

        /** Whether to retry now; must be called once in each second of a failure. */
        boolean isOver() {
            waited++;
            if (waited < pause) {
                return false;
            }
            waited = 0;
            pause = Math.min(longest, 2 * pause);
            return true;
        }

        /**
         * Shortens the next pause by a second; must be called once in each second without a failure. A failure that
         * follows soon thus begins with a long pause: a full store may have room for the retry, but not for a delivery.
         */
        void shorten() {
            waited = 0;
            pause = Math.max(1, pause - 1);
        }
    }
}
