package dev.reverie.actors.store;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an H2 file in proportion to its live data, for as long as the store is open. About once a second, the loop
 * frees empty chunks; in between, it moves live data in slices of a few milliseconds, and pauses so that commits hardly
 * have to wait. The loop works faster while the file is much too large or nothing else uses it, and rests when nothing
 * has changed. Uses its own thread.
 */
final class CompactionLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CompactionLoop.class);

    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);

    /** A file is much too large if it is larger than this, in bytes, and than twice its live data. */
    private static final long LARGE = 128L << 20;

    /** The pause after a slice, as a multiple of its duration. */
    private static final int GENTLE_PAUSE = 19;

    private static final int HASTY_PAUSE = 2;

    /** Number of rounds without other commits after which the loop rests, since its own commits empty chunks too. */
    private static final int LAST_ROUNDS = 3;

    private final StoreConnection connection;
    private final String name;
    private final InstantSource clock;
    private final BooleanSupplier suspended;
    private final SliceSize slice = new SliceSize();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("store-compaction").daemon().factory());

    private @Nullable H2Compaction file;
    private Instant freed = Instant.MIN;
    private long lastVersion;
    private int quietRounds;

    private CompactionLoop(StoreConnection connection, String name, InstantSource clock, BooleanSupplier suspended) {
        this.connection = connection;
        this.name = name;
        this.clock = clock;
        this.suspended = suspended;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Starts the loop for the H2 file of a connection.
     *
     * @param suspended whether the loop does nothing now, because there is no space
     */
    static CompactionLoop start(
            StoreConnection connection, String name, InstantSource clock, BooleanSupplier suspended) {
        CompactionLoop loop = new CompactionLoop(connection, name, clock, suspended);
        loop.schedule(Duration.ZERO);
        return loop;
    }

    private synchronized void schedule(Duration pause) {
        if (!thread.isShutdown()) {
            var _ = thread.schedule(this::run, pause.toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    private void run() {
        Duration pause = PAUSE_AFTER_FAILURE;
        try {
            pause = suspended.getAsBoolean() ? REST : round(opened());
        } catch (SQLException | MVStoreException | IllegalStateException failure) {
            LOG.debug("Could not compact the store {}; the loop tries again", name, failure);
        } finally {
            schedule(pause);
        }
    }

    /** The file, which H2 may have opened again since the last round. */
    private H2Compaction opened() throws SQLException {
        H2Compaction now = connection.call(H2Compaction::of);
        H2Compaction known = file;
        if (known == null || !known.isSame(now)) {
            file = now;
            known = now;
        }
        return known;
    }

    /** Does a part of the work, and returns the pause after it. */
    private Duration round(H2Compaction opened) {
        boolean busy = opened.version() != lastVersion;
        quietRounds = busy ? 0 : quietRounds + 1;
        if (quietRounds > LAST_ROUNDS) {
            return REST;
        }
        Instant start = clock.instant();
        if (Duration.between(freed, start).abs().compareTo(REST) >= 0) {
            opened.free();
            freed = start;
            start = clock.instant();
        }
        boolean tooLarge = opened.size() > Math.max(LARGE, 2 * opened.live());
        boolean moved = opened.rewrite(slice.bytes()) || ((tooLarge || !busy) && opened.shrink());
        Duration duration = Duration.between(start, clock.instant()).abs();
        lastVersion = opened.version();
        if (!moved) {
            quietRounds = opened.isSparse() && slice.grow() ? 0 : quietRounds;
            return REST;
        }
        quietRounds = 0;
        slice.onSlice(duration);
        return duration.multipliedBy(tooLarge || !busy ? HASTY_PAUSE : GENTLE_PAUSE);
    }

    /** Ends the loop after the current round. An interrupt would close the file of the database. */
    @Override
    public void close() {
        synchronized (this) {
            thread.shutdown();
        }
        thread.close();
    }
}
