package dev.reverie.streams.http;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Caches the value of the most recently requested version, so that concurrent requests share one computation. Thread
 * safe.
 *
 * @param <T> type of the values
 */
final class LatestCache<T> {

    private Optional<Entry<T>> latest = Optional.empty();

    private record Entry<T>(String version, CompletableFuture<T> result) {}

    /** Returns the cached value of the version, or computes it with the loader. Does not cache failures. */
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
