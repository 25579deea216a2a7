package dev.reverie.streams.http;

import dev.reverie.actors.Asks;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Limits the time that the service takes to respond.
 *
 * @param timeout maximum time, at least one millisecond
 */
record ResponseDeadline(Duration timeout) {

    /**
     * Returns a stage that completes like the given stage, or fails with a {@link ProblemException} after the timeout.
     * Does not cancel the given stage.
     */
    <T> CompletionStage<T> await(CompletionStage<T> result) {
        return result.toCompletableFuture()
                .copy()
                .orTimeout(timeout.toMillis(), TimeUnit.MILLISECONDS)
                .exceptionallyCompose(failure -> CompletableFuture.failedStage(toProblem(Asks.causeOf(failure))));
    }

    private Throwable toProblem(Throwable failure) {
        return failure instanceof TimeoutException
                ? ProblemException.temporary(
                        ProblemType.NOT_READY,
                        "the service did not respond within " + timeout.toSeconds()
                                + " s: send the request again later")
                : failure;
    }
}
