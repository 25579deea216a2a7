package dev.reverie.deploy.run;

import java.time.Duration;

/** Tells work to end early, and interrupts its pauses. Thread safe. */
public interface Cancellation {

    /** Returns whether the work must end. */
    boolean isOver();

    /**
     * Waits for a duration, or until the work must end.
     *
     * @param duration returns at once if zero or negative
     * @return whether the work may continue
     */
    boolean pause(Duration duration);
}
