package dev.reverie.deploy.run;

import java.time.Duration;

/** Lets time pass, until somebody wishes the work to end. Thread safe. */
public interface Cancellation {

    /** Whether the work is to end. */
    boolean isOver();

    /**
     * Waits so long, or until the work is to end.
     *
     * @param duration nothing happens for zero or less
     * @return whether to go on
     */
    boolean pause(Duration duration);
}
