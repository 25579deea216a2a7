package dev.reverie.actors.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that stands still until it is moved, by one thread. */
public final class ManualClock implements InstantSource {

    private volatile Instant now = Instant.EPOCH;

    public void advance(Duration duration) {
        now = now.plus(duration);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
