package dev.reverie.deploy.observe;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time since a moment. */
record ElapsedTime(InstantSource clock, Instant begin) {

    static ElapsedTime start(InstantSource clock) {
        return new ElapsedTime(clock, clock.instant());
    }

    /** At least nothing: the machine's clock may be set back. */
    Duration elapsed() {
        Duration elapsed = Duration.between(begin, clock.instant());
        return elapsed.isNegative() ? Duration.ZERO : elapsed;
    }
}
