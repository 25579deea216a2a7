package dev.reverie.streams.http;

import dev.reverie.actors.Asks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How long the service may take to answer.
 *
 * @param patience at least a millisecond
 */
record ResponseDeadline(Duration patience) {

    private static final Duration SOON = Duration.ofSeconds(1);

    /** The result, or a {@link ProblemException} when it takes too long. What is waited for goes on undisturbed. */
    <T> CompletionStage<T> await(CompletionStage<T> result) {
        return result.toCompletableFuture()
                .copy()
                .orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(inWords(Asks.causeOf(failure))));
    }

    private Throwable inWords(Throwable failure) {
        return failure instanceof TimeoutException
                ? ProblemException.passing(
                        ProblemType.NOT_READY,
                        "the service did not answer within " + patience.toSeconds() + " s: ask again later",
                        SOON)
                : failure;
    }
}
