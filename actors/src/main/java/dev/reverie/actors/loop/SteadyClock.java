package dev.reverie.actors.loop;

import java.time.Instant;
import java.time.InstantSource;
import java.util.function.LongSupplier;

/**
 * A clock for durations. It begins at the time of another clock and then only counts, so that no duration changes when
 * somebody, or a time server, sets the clock of the machine. From then on, its instants differ from those of the
 * machine. Thread safe.
 */
public final class SteadyClock implements InstantSource {

    private final Instant start;
    private final LongSupplier nanos;
    private final long startNanos;

    /**
     * Creates a clock.
     *
     * @param clock gives the first instant
     * @param nanos counts nanoseconds and never goes back, as {@link System#nanoTime}
     */
    public SteadyClock(InstantSource clock, LongSupplier nanos) {
        this.start = clock.instant();
        this.nanos = nanos;
        this.startNanos = nanos.getAsLong();
    }

    @Override
    public Instant instant() {
        return start.plusNanos(nanos.getAsLong() - startNanos);
    }
}
