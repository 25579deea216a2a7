package dev.reverie.deploy.client;

import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.StoppedException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Repeats a call that a service defers or does not answer. The pause before each retry is as long as the service
 * requests. If the service does not specify a pause, it is 0.2 seconds at first and doubles with each retry, up to 5
 * seconds. The call fails if the next retry would start more than two minutes after the first attempt.
 */
public record Retries(Cancellation cancellation, InstantSource clock, Listener listener) {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofMinutes(2);

    /** A call that can be repeated. */
    @FunctionalInterface
    public interface Call<T> {
        T send() throws ServiceException;
    }

    /** Observes the retries. */
    public interface Listener {

        /** Called when a pause begins. */
        void waiting(String reason);

        /** Called when the pause is over, before the call is repeated. */
        void again();
    }

    /** Creates retries without a listener. */
    public static Retries silent(Cancellation cancellation, InstantSource clock) {
        return new Retries(cancellation, clock, new Listener() {
            @Override
            public void waiting(String reason) {}

            @Override
            public void again() {}
        });
    }

    /**
     * Returns the result of the first successful attempt.
     *
     * @throws ServiceException if the service refuses the call, or the last attempt fails
     * @throws StoppedException if the call is cancelled during a pause
     */
    public <T> T of(Call<T> call) throws ServiceException {
        Instant end = clock.instant().plus(LIMIT);
        Duration next = FIRST;
        while (true) {
            try {
                return call.send();
            } catch (ServiceException.Busy | ServiceException.Unreachable e) {
                Duration pause = retryAfter(e).orElse(next);
                if (clock.instant().plus(pause).isAfter(end)) {
                    throw e;
                }
                listener.waiting(String.valueOf(e.getMessage()));
                if (!cancellation.pause(pause)) {
                    throw new StoppedException();
                }
                listener.again();
                next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
            }
        }
    }

    private static Optional<Duration> retryAfter(ServiceException failure) {
        return failure instanceof ServiceException.Busy busy ? busy.retryAfter() : Optional.empty();
    }
}
