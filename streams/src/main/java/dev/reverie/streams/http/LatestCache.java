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

    private record Entry<T>(String version, CompletableFuture<T> result) {

        boolean serves(String wanted) {
            return version.equals(wanted) && !result.isCompletedExceptionally();
        }
    }

    /** Returns the cached value of the version, or computes it with the loader. Does not cache failures. */
    synchronized CompletionStage<T> get(String version, Supplier<CompletionStage<T>> loader) {
        Entry<T> entry = latest.filter(cached -> cached.serves(version))
                .orElseGet(() -> new Entry<>(version, loader.get().toCompletableFuture()));
        latest = Optional.of(entry);
        return entry.result().copy();
    }
}
