package dev.reverie.deploy.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time that has passed since a moment. */
record ElapsedTime(InstantSource clock, Instant since) {

    static ElapsedTime fromNow(InstantSource clock) {
        return new ElapsedTime(clock, clock.instant());
    }

    /** Returns the time until now, which is never negative, even if the clock is set back. */
    Duration get() {
        Duration elapsed = Duration.between(since, clock.instant());
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }
}
