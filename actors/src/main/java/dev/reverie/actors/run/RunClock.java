package dev.reverie.actors.run;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Time as a run sees it: since it began, to its limit, since its state was last saved. Not thread safe. */
final class RunClock {

    /** A kill costs at most this much work, and one inner loop. */
    static final Duration SAVE_INTERVAL = Duration.ofSeconds(30);

    private static final double NANOS_PER_SECOND = 1e9;

    private final InstantSource source;
    private final Optional<Duration> limit;
    private final Instant begin;
    private Instant savedAt;

    RunClock(InstantSource source, Optional<Duration> limit) {
        this.source = source;
        this.limit = limit;
        this.begin = source.instant();
        this.savedAt = begin;
    }

    Instant now() {
        return source.instant();
    }

    double secondsSince(Instant earlier) {
        return Duration.between(earlier, now()).toNanos() / NANOS_PER_SECOND;
    }

    double secondsSinceBegin() {
        return secondsSince(begin);
    }

    boolean limitHasPassed() {
        return limit.filter(duration -> Duration.between(begin, now()).compareTo(duration) >= 0)
                .isPresent();
    }

    boolean saveIsDue() {
        return Duration.between(savedAt, now()).compareTo(SAVE_INTERVAL) >= 0;
    }

    /** Said also of an attempt that failed, so that the next one is not made at once. */
    void saveWasTried() {
        savedAt = now();
    }
}
