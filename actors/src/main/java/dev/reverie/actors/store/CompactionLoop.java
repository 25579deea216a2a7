package dev.reverie.actors.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an H2 file in proportion to its live data, for as long as the store is open. About once a second, the loop
 * frees empty chunks; in between, it moves live data in slices of a few milliseconds, and pauses so that commits hardly
 * have to wait. The loop works faster while the file is much too large or nothing else uses it, and rests when nothing
 * has changed. Moving data requires that all of it can be read, and H2 closes a database in which a move fails. The
 * loop therefore only frees chunks in a store that has damage. Uses its own thread.
 */
final class CompactionLoop implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CompactionLoop.class);

    private static final Duration REST = Duration.ofSeconds(1);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofSeconds(10);
    /** A slice takes long while the disk hardly responds. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /** A file is much too large if it is larger than this, in bytes, and than twice its live data. */
    private static final long LARGE = 128L << 20;

    /** The pause after a slice, as a multiple of its duration. */
    private static final int GENTLE_PAUSE = 19;

    private static final int HASTY_PAUSE = 2;

    /** Number of rounds without other commits after which the loop rests, since its own commits empty chunks too. */
    private static final int LAST_ROUNDS = 3;

    private final StoreConnection connection;
    private final String name;
    private final LongSupplier nanos;
    private final BooleanSupplier suspended;
    private final SliceSize slice = new SliceSize();
    private final DamageSuspicion damageSuspicion = new DamageSuspicion();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("store-compaction").daemon().factory());

    private @Nullable H2Compaction file;
    private long freed;
    private boolean damaged;
    private long lastVersion;
    private int quietRounds;

    private CompactionLoop(StoreConnection connection, String name, LongSupplier nanos, BooleanSupplier suspended) {
        this.connection = connection;
        this.name = name;
        this.nanos = nanos;
        this.freed = nanos.getAsLong() - REST.toNanos();
        this.suspended = suspended;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Starts the loop for the H2 file of a connection.
     *
     * @param nanos a time in nanoseconds that never goes back, as {@link System#nanoTime}
     * @param suspended whether the loop does nothing now, because there is no space
     * @param damage the damage that is known
     */
    static CompactionLoop start(
            StoreConnection connection,
            String name,
            LongSupplier nanos,
            BooleanSupplier suspended,
            StoreDamage damage) {
        CompactionLoop loop = new CompactionLoop(connection, name, nanos, suspended);
        if (!damage.reasons().isEmpty()) {
            loop.onDamage();
        }
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
        boolean ended = false;
        try {
            pause = suspended.getAsBoolean() ? REST : round(opened());
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("Could not compact the store {}", name, failure);
            if (damageSuspicion.isConfirmedBy(failure)) {
                ended = damaged; // chunks can't be freed either
                onDamage();
            }
        } finally {
            if (!ended) {
                schedule(pause);
            }
        }
    }

    private void onDamage() {
        if (!damaged) {
            LOG.warn(
                    "The store {} has damaged data, so its file is not compacted and can grow: forget the damaged classes"
                            + " and start the service again, or restore the store from a backup",
                    name);
            damaged = true;
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
        long start = nanos.getAsLong();
        if (start - freed >= REST.toNanos()) {
            opened.free();
            freed = start;
            start = nanos.getAsLong();
        }
        if (damaged) {
            lastVersion = opened.version();
            return REST;
        }
        boolean tooLarge = opened.size() > Math.max(LARGE, 2 * opened.live());
        boolean moved = opened.rewrite(slice.bytes()) || ((tooLarge || !busy) && opened.shrink());
        Duration duration = Duration.ofNanos(nanos.getAsLong() - start);
        lastVersion = opened.version();
        if (!moved) {
            quietRounds = opened.isSparse() && slice.grow() ? 0 : quietRounds;
            return REST;
        }
        quietRounds = 0;
        damageSuspicion.clear();
        slice.onSlice(duration);
        return pauseAfter(duration, tooLarge || !busy ? HASTY_PAUSE : GENTLE_PAUSE);
    }

    /** The pause after a slice of some duration, as a multiple of it. */
    static Duration pauseAfter(Duration slice, int multiple) {
        return Collections.min(List.of(LONGEST_PAUSE, slice.multipliedBy(multiple)));
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
