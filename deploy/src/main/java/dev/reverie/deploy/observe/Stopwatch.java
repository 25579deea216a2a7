package dev.reverie.deploy.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Measures the time since it was started. */
record Stopwatch(InstantSource clock, Instant begin) {

    static Stopwatch start(InstantSource clock) {
        return new Stopwatch(clock, clock.instant());
    }

    /** Returns the elapsed time, which is never negative, even if the clock is set back. */
    Duration elapsed() {
        Duration elapsed = Duration.between(begin, clock.instant());
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }
}
