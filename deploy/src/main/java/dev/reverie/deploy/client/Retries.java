package dev.reverie.deploy.client;

import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Repeats a call that a service does not take for now, or whose answer got lost: after the pause that the service asks
 * for, else after pauses that double from 0.2 to 5 seconds. Two minutes after the first try it gives up.
 */
public record Retries(Cancellation patience, InstantSource clock, Listener listener) {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** Something to ask a service for; may be asked more than once. */
    @FunctionalInterface
    public interface Call<T> {
        T send() throws ServiceException;
    }

    /** Hears of what went wrong and is tried again. */
    public interface Listener {

        /** A pause begins. */
        void waiting(String reason);

        /** The pause is over: the call is repeated. */
        void again();
    }

    /** Does not tell anybody. */
    public static Retries silent(Cancellation patience, InstantSource clock) {
        return new Retries(patience, clock, new Listener() {
            @Override
            public void waiting(String reason) {}

            @Override
            public void again() {}
        });
    }

    /**
     * The answer of the first try that succeeds.
     *
     * @throws ServiceException what the service refused, or why it was given up
     * @throws StoppedException if patience ended first
     */
    public <T> T of(Call<T> call) throws ServiceException {
        Instant end = clock.instant().plus(LIMIT);
        Duration next = FIRST;
        while (true) {
            try {
                return call.send();
            } catch (ServiceException.Busy | ServiceException.Unreachable e) {
                Duration pause = asked(e).orElse(next);
                if (clock.instant().plus(pause).isAfter(end)) {
                    throw e;
                }
                listener.waiting(String.valueOf(e.getMessage()));
                if (!patience.pause(pause)) {
                    throw new StoppedException();
                }
                listener.again();
                next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
            }
        }
    }

    private static Optional<Duration> asked(ServiceException failure) {
        return failure instanceof ServiceException.Busy busy ? busy.retryAfter() : Optional.empty();
    }
}
