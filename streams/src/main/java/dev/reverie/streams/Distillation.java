package dev.reverie.streams;

import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.method.Engine;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** A running distillation. Thread safe. */
public final class Distillation implements AutoCloseable {

    private final CompletableFuture<DistillationResult> result = new CompletableFuture<>();

    private Distillation() {}

    /**
     * Starts a run and returns at once.
     *
     * @param engines makes the engine of the worker, and a new one after each failure; called and used on the worker's
     *     thread only
     * @param listeners called in this order, from one thread, for every event; {@code RunEnded} is the last one and is
     *     delivered before {@link #result()} completes
     * @throws IllegalArgumentException if a class has fewer images than are stored per class
     * @throws dev.reverie.actors.checkpoint.CheckpointException if the checkpoint to resume from is missing, damaged,
     *     of another version or of another configuration
     */
    public static Distillation start(
            DistillationRequest request, Supplier<Engine> engines, List<TelemetryListener> listeners) {
        Distillation distillation = new Distillation();
        distillation.result.completeExceptionally(new UnsupportedOperationException("the actors behind it follow"));
        return distillation;
    }

    /**
     * Completes with the distilled set when the run has ended, and exceptionally with a
     * {@link dev.reverie.actors.DistillationException} or a {@link dev.reverie.actors.checkpoint.CheckpointException}
     * if it could not go on.
     */
    public CompletionStage<DistillationResult> result() {
        return result.minimalCompletionStage();
    }

    /** Ends the run after the current inner loop; its state is saved. Further calls change nothing. */
    public void stop() {}

    /**
     * Adds a class that takes part from the next inner loop on.
     *
     * @return its class index, once it takes part; exceptionally an {@code IllegalArgumentException} if it has too few
     *     images, a {@link dev.reverie.actors.DistillationException} if the run has ended
     */
    public CompletionStage<Integer> addClass(String name, List<Image> images) {
        return CompletableFuture.failedStage(new UnsupportedOperationException("the actors behind it follow"));
    }

    /** Ends everything at once and waits until the engine is closed; a run that has not ended is lost. */
    @Override
    public void close() {}
}
