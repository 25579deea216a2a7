package dev.reverie.client;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Repeats a call that a service defers or does not answer. The pause before each retry is as long as the service
 * requests. If the service does not specify a pause, or one of 0 seconds, it is 0.2 seconds at first and doubles with
 * each retry, up to 5 seconds.
 *
 * @param limit the call fails if the next retry would start later than this after the first attempt
 */
public record Retries(Duration limit, InstantSource clock, Pauses pauses) {

    private static final Duration FIRST = Duration.ofMillis(200);
    private static final Duration LONGEST = Duration.ofSeconds(5);

    @FunctionalInterface
    public interface Call<T> {
        T send() throws ReverieException;
    }

    @FunctionalInterface
    public interface Pauses {

        /** Waits before the call is repeated. An exception ends the retries. */
        void pause(Duration length, ReverieException failure) throws ReverieException;
    }

    /**
     * Returns the result of the first successful attempt.
     *
     * @throws ReverieException if the service refuses the call, or the last attempt fails
     */
    public <T> T of(Call<T> call) throws ReverieException {
        Instant end = clock.instant().plus(limit);
        Duration next = FIRST;
        while (true) {
            try {
                return call.send();
            } catch (ReverieException.Busy | ReverieException.Unreachable e) {
                Duration pause = retryAfter(e).orElse(next);
                if (clock.instant().plus(pause).isAfter(end)) {
                    throw e;
                }
                pauses.pause(pause, e);
                next = next.multipliedBy(2).compareTo(LONGEST) < 0 ? next.multipliedBy(2) : LONGEST;
            }
        }
    }

    private static Optional<Duration> retryAfter(ReverieException failure) {
        return failure instanceof ReverieException.Busy busy
                ? busy.retryAfter().filter(Duration::isPositive)
                : Optional.empty();
    }
}
