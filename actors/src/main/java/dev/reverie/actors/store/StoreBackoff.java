package dev.reverie.actors.store;

import java.time.Duration;
import org.apache.pekko.actor.typed.BackoffSupervisorStrategy;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.SupervisorStrategy;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.slf4j.event.Level;

/** Restarts persistent actors after a store failure, as often as necessary, with pauses that grow to about 5 s. */
public final class StoreBackoff {

    private static final Duration MIN_BACKOFF = Duration.ofMillis(200);
    private static final Duration MAX_BACKOFF = Duration.ofSeconds(5);
    /** Spreads the restarts of many classes over time. */
    private static final double JITTER = 0.2;

    /**
     * Messages that wait during a pause; the next ones are lost. As many as may wait for a write, because the senders
     * have already limited their size in bytes.
     */
    private static final int STASH_CAPACITY = 100_000;

    private StoreBackoff() {}

    /**
     * Restarts a persistent actor after a defect as well, which {@link #strategy}, given to the actor itself, does not
     * cover: whatever happens, it reports to those who wait for it.
     */
    public static <T> Behavior<T> supervise(Behavior<T> actor) {
        return Behaviors.supervise(actor).onFailure(Exception.class, strategy().withLogLevel(Level.ERROR));
    }

    /** Logs failures for debugging only, because the actor reports each one. */
    public static BackoffSupervisorStrategy strategy() {
        return SupervisorStrategy.restartWithBackoff(MIN_BACKOFF, MAX_BACKOFF, JITTER)
                .withStashCapacity(STASH_CAPACITY)
                .withLogLevel(Level.DEBUG);
    }
}
