package dev.reverie.streams.http;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Remembers what was made of the latest version of something, so that it is made once however many ask. Thread safe.
 *
 * @param <T> what is made of a version
 */
final class LatestCache<T> {

    private Optional<Made<T>> made = Optional.empty();

    private record Made<T>(String version, CompletableFuture<T> result) {}

    /** What was made of {@code version}, or what {@code making} makes of it now. A failure is not remembered. */
    synchronized CompletionStage<T> of(String version, Supplier<CompletionStage<T>> making) {
        if (made.isPresent()
                && made.get().version().equals(version)
                && !made.get().result().isCompletedExceptionally()) {
            return made.get().result().copy();
        }
        CompletableFuture<T> result = making.get().toCompletableFuture();
        made = Optional.of(new Made<>(version, result));
        return result.copy();
    }
}
