package dev.reverie.actors.store;

import java.time.Duration;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.SupervisorStrategy;

/** How actors that live on the store come back when it failed: soon at first, then with growing pauses, without end. */
public final class StoreBackoff {

    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);
    /** So that a thousand classes do not come back at the same instant. */
    private static final double JITTER = 0.2;

    private StoreBackoff() {}

    public static BackoffSupervisorStrategy strategy() {
        return SupervisorStrategy.restartWithBackoff(FIRST_PAUSE, LONGEST_PAUSE, JITTER);
    }
}
