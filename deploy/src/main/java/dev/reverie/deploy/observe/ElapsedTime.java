package dev.reverie.deploy.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

record ElapsedTime(InstantSource clock, Instant since) {

    private static final double NANOS = 1e9;

    static ElapsedTime fromNow(InstantSource clock) {
        return new ElapsedTime(clock, clock.instant());
    }

    /** Returns the seconds until now, never negative, even if the clock is set back. */
    double seconds() {
        return Math.max(0, Duration.between(since, clock.instant()).toNanos() / NANOS);
    }
}
