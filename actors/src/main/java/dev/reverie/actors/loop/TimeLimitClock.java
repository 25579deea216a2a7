package dev.reverie.actors.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalDouble;

/** Measures the time since the start of a run or a service, and checks the time limit if one is set. Immutable. */
public final class TimeLimitClock {

    private static final double NANOS_PER_SECOND = 1e9;

    private final InstantSource source;
    private final Optional<Duration> limit;
    private final Instant start;

    public TimeLimitClock(InstantSource source, Optional<Duration> limit) {
        this.source = source;
        this.limit = limit;
        this.start = source.instant();
    }

    public Instant now() {
        return source.instant();
    }

    public double secondsSince(Instant earlier) {
        return Duration.between(earlier, now()).toNanos() / NANOS_PER_SECOND;
    }

    public double secondsSinceStart() {
        return secondsSince(start);
    }

    /** The time until the limit, negative after it; empty if there is none. */
    public OptionalDouble secondsLeft() {
        return limit.stream()
                .mapToDouble(duration -> duration.toNanos() / NANOS_PER_SECOND - secondsSinceStart())
                .findFirst();
    }

    public boolean limitHasPassed() {
        return limit.filter(duration -> Duration.between(start, now()).compareTo(duration) >= 0)
                .isPresent();
    }
}
