package dev.reverie.actors;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides which failures to report, while something that is tried again and again goes on to fail: the first one, and
 * then ever fewer, down to one in 120. Thread safe.
 */
public final class ThrottledWarning {

    private static final int LONGEST_INTERVAL = 120;

    /** Longer than the pause between two attempts, and the time that an attempt takes to fail. */
    private static final Duration LONGEST_SILENCE = Duration.ofMinutes(1);

    private Optional<Object> kind = Optional.empty();
    private int interval = 1;
    private int unreported;
    private Optional<Instant> lastAt = Optional.empty();

    /**
     * Adds a failure.
     *
     * @param kindOfFailure compared with that of the last failure; a failure of another kind is reported at once
     * @return whether to report the failure
     */
    public synchronized boolean isDue(Object kindOfFailure) {
        if (kind.filter(kindOfFailure::equals).isEmpty()) {
            reset();
            kind = Optional.of(kindOfFailure);
        }
        unreported++;
        if (unreported < interval) {
            return false;
        }
        unreported = 0;
        interval = Math.min(LONGEST_INTERVAL, 2 * interval);
        return true;
    }

    /**
     * Like {@link #isDue(Object)}, but also reports a failure if there was none in the minute before it. For a task
     * that may not succeed between two outages, because it is rarely tried.
     *
     * @param now the current time; the clock may have been set since the last failure
     */
    public synchronized boolean isDue(Object kindOfFailure, Instant now) {
        boolean continues = lastAt.filter(at -> Duration.between(at, now).abs().compareTo(LONGEST_SILENCE) < 0)
                .isPresent();
        if (!continues) {
            reset();
        }
        lastAt = Optional.of(now);
        return isDue(kindOfFailure);
    }

    /** Notes a success: the next failure is reported. */
    public synchronized void reset() {
        kind = Optional.empty();
        interval = 1;
        unreported = 0;
    }
}
