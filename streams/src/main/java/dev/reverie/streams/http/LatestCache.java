package dev.reverie.streams.http;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Caches the value of the latest version, so that concurrent requests share one computation. Thread safe.
 *
 * @param <T> the value that is computed from a version
 */
final class LatestCache<T> {

    private Optional<Entry<T>> latest = Optional.empty();

    private record Entry<T>(String version, CompletableFuture<T> result) {}

    /** The cached value of the version, or the one that the loader computes now. Failures are not cached. */
    synchronized CompletionStage<T> get(String version, Supplier<CompletionStage<T>> loader) {
        if (latest.isPresent()
                && latest.get().version().equals(version)
                && !latest.get().result().isCompletedExceptionally()) {
            return latest.get().result().copy();
        }
        CompletableFuture<T> result = loader.get().toCompletableFuture();
        latest = Optional.of(new Entry<>(version, result));
        return result.copy();
    }
}
