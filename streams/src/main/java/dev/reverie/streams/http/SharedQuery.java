package dev.reverie.streams.http;

import dev.reverie.actors.Asks;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Runs a query for all callers that wait for it at the same time, and never twice at once. A caller does not share a
 * query that began before its call, because that query may have missed a change of which the caller knows. Thread safe.
 */
final class SharedQuery<T> {

    private final Supplier<CompletionStage<T>> query;
    /** The answer to the callers that wait for the next query. */
    private Optional<CompletableFuture<T>> next = Optional.empty();

    private boolean isRunning;

    SharedQuery(Supplier<CompletionStage<T>> query) {
        this.query = query;
    }

    /** Returns the result of a query that begins now, or when the one that is running has ended. */
    CompletionStage<T> get() {
        CompletionStage<T> answer = join();
        runNext();
        return answer;
    }

    private synchronized CompletionStage<T> join() {
        CompletableFuture<T> answer = next.orElseGet(CompletableFuture::new);
        next = Optional.of(answer);
        return answer.copy();
    }

    private void runNext() {
        begin().ifPresent(answer -> CompletableFuture.completedStage(query)
                .thenCompose(Supplier::get)
                .whenComplete((result, failure) -> {
                    end();
                    runNext();
                    if (failure == null) {
                        answer.complete(result);
                    } else {
                        answer.completeExceptionally(Asks.causeOf(failure));
                    }
                }));
    }

    private synchronized Optional<CompletableFuture<T>> begin() {
        if (isRunning || next.isEmpty()) {
            return Optional.empty();
        }
        Optional<CompletableFuture<T>> begun = next;
        next = Optional.empty();
        isRunning = true;
        return begun;
    }

    private synchronized void end() {
        isRunning = false;
    }
}
