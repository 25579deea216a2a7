package dev.reverie.actors.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Time as a run sees it: since it began, and to its limit. Immutable. */
public final class RunClock {

    private static final double NANOS_PER_SECOND = 1e9;

    private final InstantSource source;
    private final Optional<Duration> limit;
    private final Instant begin;

    public RunClock(InstantSource source, Optional<Duration> limit) {
        this.source = source;
        this.limit = limit;
        this.begin = source.instant();
    }

    public Instant now() {
        return source.instant();
    }

    public double secondsSince(Instant earlier) {
        return Duration.between(earlier, now()).toNanos() / NANOS_PER_SECOND;
    }

    public double secondsSinceBegin() {
        return secondsSince(begin);
    }

    public boolean limitHasPassed() {
        return limit.filter(duration -> Duration.between(begin, now()).compareTo(duration) >= 0)
                .isPresent();
    }
}
