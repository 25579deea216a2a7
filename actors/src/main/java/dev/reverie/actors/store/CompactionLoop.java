package dev.reverie.actors.store;

import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
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
    /** The pause if not even chunks can be freed in a store that has damage. */
    private static final Duration PAUSE_WITH_DAMAGE = Duration.ofHours(1);
    /** A slice takes long while the disk hardly responds. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    /**
     * A file is much too large if it is larger than twice its live data, and either than this, in bytes, or than the
     * free space on its disk.
     */
    private static final long LARGE = 128L << 20;

    /** The pause after a slice, as a multiple of its duration. */
    private static final int GENTLE_PAUSE = 19;

    private static final int HASTY_PAUSE = 2;

    /** A slice takes at most this, in bytes, or the free space: the file may have room of its own. */
    private static final long MIN_SLICE = 256 << 10;

    /** Number of bytes that are first moved at once in order to truncate the file, and the most. */
    private static final int SHRINK_BYTES = 16 << 20;

    private static final int MAX_SHRINK_BYTES = 256 << 20;

    /** Number of rounds without other commits after which the loop rests, since its own commits empty chunks too. */
    private static final int LAST_ROUNDS = 3;

    private final StoreConnection connection;
    private final String name;
    private final LongSupplier nanos;
    private final LongSupplier freeBytes;
    private final SliceSize slice = new SliceSize();
    private final DamageSuspicion damageSuspicion = new DamageSuspicion();
    private final ScheduledThreadPoolExecutor thread = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("store-compaction").daemon().factory());

    private @Nullable H2Compaction file;
    private long freed;
    private long moveAfter;
    private boolean damaged;
    private long lastVersion;
    private int quietRounds;
    private int shrinkBytes = SHRINK_BYTES;

    private CompactionLoop(StoreConnection connection, String name, LongSupplier nanos, LongSupplier freeBytes) {
        this.connection = connection;
        this.name = name;
        this.nanos = nanos;
        this.freed = nanos.getAsLong() - REST.toNanos();
        this.moveAfter = nanos.getAsLong();
        this.freeBytes = freeBytes;
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Starts the loop for the H2 file of a connection.
     *
     * @param nanos a time in nanoseconds that never goes back, as {@link System#nanoTime}
     * @param freeBytes usable space on the disk of the store
     * @param damage the damage that is known
     */
    static CompactionLoop start(
            StoreConnection connection, String name, LongSupplier nanos, LongSupplier freeBytes, StoreDamage damage) {
        CompactionLoop loop = new CompactionLoop(connection, name, nanos, freeBytes);
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
        try {
            pause = round(opened(), freeBytes.getAsLong());
            damageSuspicion.clear();
        } catch (SQLException | RuntimeException failure) {
            LOG.debug("Could not compact the store {}", name, failure);
            if (damageSuspicion.isConfirmedBy(failure)) {
                pause = damaged ? PAUSE_WITH_DAMAGE : PAUSE_AFTER_FAILURE;
                onDamage();
            }
        } finally {
            schedule(pause);
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
    private Duration round(H2Compaction opened, long free) {
        boolean busy = opened.version() != lastVersion;
        quietRounds = busy ? 0 : quietRounds + 1;
        if (quietRounds > LAST_ROUNDS) {
            return REST;
        }
        boolean scarce = free < opened.size();
        freeChunks(opened, scarce);
        boolean tooLarge = opened.size() > Math.max(scarce ? 0 : LARGE, 2 * opened.live());
        boolean urgent = scarce && tooLarge;
        long start = nanos.getAsLong();
        boolean pausing = moveAfter - start > 0 && !urgent;
        if (damaged || pausing) {
            lastVersion = opened.version();
            quietRounds = 0;
            return REST;
        }
        boolean hasty = tooLarge || !busy;
        boolean moved = move(opened, free, hasty);
        long end = nanos.getAsLong();
        lastVersion = opened.version();
        if (moved || urgent || (opened.isSparse() && slice.grow()) || (hasty && growShrink(opened))) {
            quietRounds = 0;
        }
        return moved ? onSlice(start, end, hasty) : REST;
    }

    /** Frees empty chunks about once a second, and in every round while space is scarce. */
    private void freeChunks(H2Compaction opened, boolean scarce) {
        long now = nanos.getAsLong();
        if (scarce || now - freed >= REST.toNanos()) {
            opened.free();
            freed = now;
        }
    }

    /** Moves a slice of live data, and returns whether there was any to move. */
    private boolean move(H2Compaction opened, long free, boolean hasty) {
        int maxBytes = (int) Math.clamp(free, MIN_SLICE, Integer.MAX_VALUE);
        if (opened.rewrite(Math.min(maxBytes, slice.bytes()))) {
            return true;
        }
        boolean shrunk = hasty && opened.shrink(Math.min(maxBytes, shrinkBytes));
        if (shrunk) {
            shrinkBytes = SHRINK_BYTES;
        }
        return shrunk;
    }

    /** Lets more be moved at once, because the last chunk was perhaps too large; returns false if that cannot help. */
    private boolean growShrink(H2Compaction opened) {
        int before = shrinkBytes;
        shrinkBytes = Math.min(MAX_SHRINK_BYTES, 2 * shrinkBytes);
        return opened.hasHoles() && shrinkBytes > before;
    }

    /** Notes the times of a slice, in nanoseconds, and returns the pause after it. */
    private Duration onSlice(long start, long end, boolean hasty) {
        Duration duration = Duration.ofNanos(end - start);
        slice.onSlice(duration);
        Duration pause = pauseAfter(duration, hasty ? HASTY_PAUSE : GENTLE_PAUSE);
        moveAfter = end + pause.toNanos();
        return Collections.min(List.of(REST, pause));
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
