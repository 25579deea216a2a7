package dev.reverie.gpu.network;

import dev.reverie.gpu.network.BatchTrainer.Batch;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

/** Batches of which the next one is prepared on another thread, one at a time. */
final class PrefetchedBatches implements Iterator<Batch> {

    private final Iterator<Supplier<Batch>> rest;
    private Optional<CompletableFuture<Batch>> next;

    /** Begins to prepare the first batch. */
    PrefetchedBatches(List<Supplier<Batch>> batches) {
        this.rest = batches.iterator();
        this.next = begun();
    }

    private Optional<CompletableFuture<Batch>> begun() {
        return rest.hasNext() ? Optional.of(CompletableFuture.supplyAsync(rest.next())) : Optional.empty();
    }

    @Override
    public boolean hasNext() {
        return next.isPresent();
    }

    @Override
    public Batch next() {
        Batch prepared = result(next.orElseThrow());
        next = begun();
        return prepared;
    }

    private static Batch result(CompletableFuture<Batch> prepared) {
        try {
            return prepared.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof Error error) {
                throw error;
            }
            throw failed.getCause() instanceof RuntimeException cause ? cause : failed;
        }
    }
}
