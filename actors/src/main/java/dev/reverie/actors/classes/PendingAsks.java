package dev.reverie.actors.classes;

import dev.reverie.actors.DistillationException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Fails the pending asks to a class actor when its class is forgotten, moves to another process or stops replying,
 * because the actor then sends no more replies, or only much later. Thread safe.
 */
public final class PendingAsks {

    private final Set<OpenAsk> openAsks = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** Fails one ask. Instances are compared by identity. */
    @FunctionalInterface
    private interface OpenAsk {
        void fail();
    }

    /** Fails all open and future asks with a {@link DistillationException}. */
    public void end() {
        ended = true;
        openAsks.forEach(OpenAsk::fail);
        openAsks.clear(); // an ask that is added meanwhile sees that this has ended
    }

    /** Whether the class was forgotten, has moved to another node, or does not reply. */
    public boolean hasEnded() {
        return ended;
    }

    /** Completes with the reply of the actor, or fails if {@link #end} is called before the reply. */
    public <R> CompletionStage<R> whileAlive(CompletionStage<R> reply) {
        CompletableFuture<R> result = new CompletableFuture<>();
        OpenAsk ask = () -> result.completeExceptionally(
                new DistillationException("the class was forgotten, has moved to another node, or does not reply"));
        openAsks.add(ask);
        reply.whenComplete((value, failure) -> {
            openAsks.remove(ask);
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        if (ended) {
            ask.fail();
            openAsks.remove(ask);
        }
        return result;
    }
}
