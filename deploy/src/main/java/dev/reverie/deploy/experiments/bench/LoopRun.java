package dev.reverie.deploy.experiments.bench;

import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.streams.Distillation;
import dev.reverie.streams.DistillationRequest;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * A distillation for the sake of its inner loops.
 *
 * @param intervals how many, each of as many loops as the bench says
 */
record LoopRun(LoopBench bench, Dataset dataset, int intervals) {

    /**
     * Runs it to its end.
     *
     * @param kernels that it computes with
     * @param watched the engine, as it is to be used
     */
    void execute(
            Kernels kernels,
            UnaryOperator<DistillationEngine> watched,
            List<TelemetryListener> listeners,
            InstantSource clock) {
        DistillationSettings settings = bench.settings(intervals);
        try (Distillation run = Distillation.start(
                DistillationRequest.of(dataset, settings),
                () -> watched.apply(
                        MatchingEngine.on(kernels, Device.threads(), settings, dataset.shape(), dataset.normalisation())),
                listeners,
                clock)) {
            run.result().toCompletableFuture().join();
        }
    }
}
