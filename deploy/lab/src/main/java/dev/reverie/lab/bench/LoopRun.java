package dev.reverie.lab.bench;

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
 * A distillation whose inner loops a benchmark measures.
 *
 * @param intervals number of intervals; {@code bench} determines the number of inner loops per interval
 */
record LoopRun(LoopBench bench, Dataset dataset, int intervals) {

    /**
     * Runs the distillation to its end.
     *
     * @param kernels the kernels on which the engine runs
     * @param decorator wraps the engine
     */
    void execute(
            Kernels kernels,
            UnaryOperator<DistillationEngine> decorator,
            List<TelemetryListener> listeners,
            InstantSource clock) {
        DistillationSettings settings = bench.settings(intervals);
        try (Distillation run = Distillation.start(
                DistillationRequest.of(dataset, settings),
                () -> decorator.apply(MatchingEngine.on(
                        kernels, Device.threads(), settings, dataset.shape(), dataset.normalisation())),
                listeners,
                clock)) {
            run.result().toCompletableFuture().join();
        }
    }
}
