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
public final class Liveness {

    private final Set<CompletableFuture<?>> openAsks = ConcurrentHashMap.newKeySet();
    private volatile boolean ended;

    /** Fails all open and future asks with a {@link DistillationException}. */
    public void end() {
        ended = true;
        openAsks.forEach(Liveness::fail);
        openAsks.clear(); // an ask that is added meanwhile sees that this has ended
    }

    private static void fail(CompletableFuture<?> ask) {
        ask.completeExceptionally(
                new DistillationException("the class was forgotten, has moved to another node, or does not reply"));
    }

    /** Whether the class was forgotten, has moved to another node, or does not reply. */
    public boolean hasEnded() {
        return ended;
    }

    /** Completes with the reply of the actor, or fails if {@link #end} is called before the reply. */
    public <R> CompletionStage<R> whileAlive(CompletionStage<R> reply) {
        CompletableFuture<R> result = new CompletableFuture<>();
        openAsks.add(result);
        reply.whenComplete((value, failure) -> {
            openAsks.remove(result);
            if (failure == null) {
                result.complete(value);
            } else {
                result.completeExceptionally(failure);
            }
        });
        if (ended) {
            fail(result);
            openAsks.remove(result);
        }
        return result;
    }
}
