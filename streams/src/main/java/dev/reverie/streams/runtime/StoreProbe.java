package dev.reverie.streams.runtime;

import dev.reverie.actors.Asks;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that the store accepts writes by writing a small amount of data, at most once every five seconds. The probe
 * therefore also detects the failure of an idle store, and frequent queries are cheap. Thread safe.
 */
final class StoreProbe {

    private static final Logger LOG = LoggerFactory.getLogger(StoreProbe.class);

    private static final Duration MAX_AGE = Duration.ofSeconds(5);
    /** A late response, for example during maintenance of the store, is not a failure. */
    private static final Duration MAX_SILENCE = Duration.ofSeconds(15);

    private final Supplier<CompletionStage<Done>> touch;
    private final InstantSource clock;
    /** How long a query waits for the response to a write. */
    private final Duration timeout;

    private CompletableFuture<Done> latest = CompletableFuture.completedFuture(Done.getInstance());
    private Instant lastStart = Instant.EPOCH;
    /** Start of the first write after the last success, because nothing is known of the time between writes. */
    private volatile Optional<Instant> silentSince = Optional.empty();

    private volatile boolean warned;

    StoreProbe(Supplier<CompletionStage<Done>> touch, InstantSource clock, Duration timeout) {
        this.touch = touch;
        this.clock = clock;
        this.timeout = timeout;
    }

    /** Returns the problem with writing to the store, if any. */
    CompletionStage<Optional<String>> problem() {
        return latest().copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failure) -> failure == null ? Optional.empty() : describe(Asks.causeOf(failure)));
    }

    private synchronized CompletableFuture<Done> latest() {
        Instant now = clock.instant();
        if (latest.isDone() && Duration.between(lastStart, now).compareTo(MAX_AGE) >= 0) {
            lastStart = now;
            silentSince = silentSince.or(() -> Optional.of(now));
            latest = touch.get()
                    .whenComplete((done, failure) -> onResult(failure))
                    .toCompletableFuture();
        }
        return latest;
    }

    private void onResult(@Nullable Throwable failure) {
        if (failure == null) {
            silentSince = Optional.empty();
            warned = false;
        } else if (!warned && StoreFailure.of(failure) != StoreFailure.FULL) { // the store logs a full disk itself
            warned = true;
            LOG.warn(
                    "Cannot write to the store, so the service is not ready: check its disk or its database server",
                    Asks.causeOf(failure));
        }
    }

    private Optional<String> describe(Throwable failure) {
        if (!(failure instanceof TimeoutException)) {
            return Optional.of(ReadinessChecks.describe(StoreFailure.of(failure)));
        }
        Instant now = clock.instant();
        Duration silence = Duration.between(silentSince.orElse(now), now);
        return silence.compareTo(MAX_SILENCE) < 0
                ? Optional.empty()
                : Optional.of(
                        "has not responded for " + silence.toSeconds() + " s: check its disk or its database server");
    }
}
