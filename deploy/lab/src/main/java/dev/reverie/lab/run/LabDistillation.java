package dev.reverie.lab.run;

import dev.reverie.actors.run.DistillationRequest;
import dev.reverie.actors.run.DistillationResult;
import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.deploy.run.Cancellation;
import dev.reverie.deploy.run.Cancellation.StoppedException;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.streams.Distillation;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;

public final class LabDistillation {

    private LabDistillation() {}

    /**
     * Distils and returns the result, unless a cancellation ends the run. Listeners are called by one thread at a time.
     */
    public static DistillationResult run(
            DistillationRequest request,
            Supplier<DistillationEngine> engine,
            List<TelemetryListener> listeners,
            InstantSource clock,
            Cancellation cancellation) {
        try (Distillation distillation = Distillation.start(request, engine, listeners, clock)) {
            CompletableFuture<DistillationResult> result = distillation.result().toCompletableFuture();
            CompletableFuture.anyOf(result, cancellation.requested().toCompletableFuture())
                    .handle((_, _) -> true)
                    .join();
            requireNotCancelled(cancellation);
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    public static void requireNotCancelled(Cancellation cancellation) {
        if (cancellation.isRequested()) {
            throw new StoppedException();
        }
    }
}
