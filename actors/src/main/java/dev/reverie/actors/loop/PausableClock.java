package dev.reverie.actors.loop;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that can be stopped and started again, so that what happens in between counts in no duration and no time
 * limit. It is behind the clock that it follows by the total length of its pauses. Thread safe; one thread at a time
 * pauses it.
 */
public final class PausableClock implements InstantSource {

    private final InstantSource source;
    private volatile Reading reading = new Reading(Duration.ZERO, false, Instant.EPOCH);

    /** Follows a clock, without a delay at first. */
    public PausableClock(InstantSource source) {
        this.source = source;
    }

    /**
     * The state of the clock.
     *
     * @param behind total length of the completed pauses
     * @param stoppedAt time that the clock shows while it is paused
     */
    private record Reading(Duration behind, boolean paused, Instant stoppedAt) {}

    @Override
    public Instant instant() {
        Reading now = reading;
        return now.paused() ? now.stoppedAt() : source.instant().minus(now.behind());
    }

    /** Stops the clock, which must be running. */
    public void pause() {
        reading = new Reading(reading.behind(), true, instant());
    }

    /**
     * Starts the clock again.
     *
     * @return length of the pause, in seconds
     */
    public double resume() {
        Duration behind = Duration.between(reading.stoppedAt(), source.instant());
        double seconds = behind.minus(reading.behind()).toNanos() / 1e9;
        reading = new Reading(behind, false, Instant.EPOCH);
        return seconds;
    }
}
