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
 * Whether a store takes what is written to it. It is tried when somebody asks, at most every few seconds: so a store
 * that nobody has written to for long is known as well, and asking often costs nothing. Thread safe.
 */
final class StoreProbe {

    private static final Logger LOG = LoggerFactory.getLogger(StoreProbe.class);

    private static final Duration FRESH = Duration.ofSeconds(5);
    /** A store that is tidying up answers late, and is no worse for it. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final Supplier<CompletionStage<Done>> touch;
    private final InstantSource clock;
    private final Duration patience;
    private CompletableFuture<Done> latest = CompletableFuture.completedFuture(Done.getInstance());
    private Instant begun = Instant.EPOCH;
    private volatile Instant alive;
    private volatile boolean ailing;

    /**
     * Of a store that was just opened.
     *
     * @param touch writes something to it
     * @param patience with a write, before it is judged by the last one
     */
    StoreProbe(Supplier<CompletionStage<Done>> touch, InstantSource clock, Duration patience) {
        this.touch = touch;
        this.clock = clock;
        this.patience = patience;
        this.alive = clock.instant();
    }

    /** What stands against writing to it; empty if nothing does. */
    CompletionStage<Optional<String>> trouble() {
        return latest().copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .handle((done, failure) -> failure == null ? Optional.empty() : inWords(Asks.causeOf(failure)));
    }

    private synchronized CompletableFuture<Done> latest() {
        Instant now = clock.instant();
        if (latest.isDone() && Duration.between(begun, now).abs().compareTo(FRESH) >= 0) {
            begun = now;
            latest = touch.get().whenComplete((done, failure) -> note(failure)).toCompletableFuture();
        }
        return latest;
    }

    private void note(@Nullable Throwable failure) {
        if (failure == null) {
            alive = clock.instant();
        } else if (!ailing) {
            LOG.warn("Nothing can be written to the store", Asks.causeOf(failure));
        }
        ailing = failure != null;
    }

    private Optional<String> inWords(Throwable failure) {
        if (!(failure instanceof TimeoutException)) {
            return Optional.of(StatusMapper.inWords(StoreFailure.of(failure)));
        }
        Duration silence = Duration.between(alive, clock.instant());
        return silence.compareTo(SILENCE) < 0
                ? Optional.empty()
                : Optional.of("has not answered for " + silence.toSeconds() + " s");
    }
}
