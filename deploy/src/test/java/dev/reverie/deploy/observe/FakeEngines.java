package dev.reverie.deploy.observe;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.nvidia.Nvml.GpuTelemetry;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Reports what a test sets, and opens no engine. */
final class FakeEngines implements EngineFactory {

    static final GpuTelemetry CARD = new GpuTelemetry(
            0,
            OptionalDouble.of(0.75),
            OptionalLong.of(1024),
            OptionalLong.of(4096),
            OptionalDouble.of(41),
            OptionalDouble.of(300.5));

    List<GpuTelemetry> gpus = List.of();
    OptionalLong batchLimit = OptionalLong.empty();
    OptionalLong batchHalvings = OptionalLong.empty();
    int questions;

    /** Engines that report everything that an engine can report. */
    static FakeEngines onGpu() {
        FakeEngines engines = new FakeEngines();
        engines.gpus = List.of(CARD);
        engines.batchLimit = OptionalLong.of(512);
        engines.batchHalvings = OptionalLong.of(0);
        return engines;
    }

    @Override
    public DistillationEngine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        throw new AssertionError("metrics are read without opening an engine");
    }

    @Override
    public Map<String, Double> kernelSeconds() {
        return Map.of("convolve", 1.5);
    }

    @Override
    public List<GpuTelemetry> gpus() {
        questions++;
        return gpus;
    }

    @Override
    public OptionalLong batchLimit() {
        return batchLimit;
    }

    @Override
    public OptionalLong batchHalvings() {
        return batchHalvings;
    }
}
