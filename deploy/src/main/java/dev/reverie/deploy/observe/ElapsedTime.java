package dev.reverie.deploy.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Measures the time since its start. */
record ElapsedTime(InstantSource clock, Instant begin) {

    static ElapsedTime start(InstantSource clock) {
        return new ElapsedTime(clock, clock.instant());
    }

    /** Returns the elapsed time, which is never negative even if the system clock is set back. */
    Duration elapsed() {
        Duration elapsed = Duration.between(begin, clock.instant());
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }
}
