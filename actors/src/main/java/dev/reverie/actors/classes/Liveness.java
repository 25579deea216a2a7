package dev.reverie.actors.classes;

import dev.reverie.actors.DistillationException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether the owner of a class is still there. A class may be forgotten at any time, and an owner that is gone answers
 * nothing; so whoever waits for its answer has to hear of that. Thread safe.
 */
public final class Liveness {

    private final Set<Waiting> waiting = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** Somebody who waits; each is like no other. */
    @FunctionalInterface
    private interface Waiting {
        void giveUp();
    }

    /** The owner is gone: whatever is asked of it, or will be, fails with a {@link DistillationException}. */
    public void end() {
        ended = true;
        waiting.forEach(Waiting::giveUp);
    }

    /** An answer of the owner, or a failure if it goes before it has answered. */
    public <R> CompletionStage<R> whilePresent(CompletionStage<R> answer) {
        CompletableFuture<R> awaited = new CompletableFuture<>();
        Waiting waits = () -> awaited.completeExceptionally(new DistillationException("the class is gone"));
        waiting.add(waits);
        answer.whenComplete((value, failure) -> {
            waiting.remove(waits);
            if (failure == null) {
                awaited.complete(value);
            } else {
                awaited.completeExceptionally(failure);
            }
        });
        if (ended) {
            waits.giveUp();
        }
        return awaited;
    }
}
