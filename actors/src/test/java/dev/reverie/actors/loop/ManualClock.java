package dev.reverie.actors.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that only a test advances, from one thread. */
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
