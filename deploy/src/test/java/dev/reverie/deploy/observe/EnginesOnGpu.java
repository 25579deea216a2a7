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

/** Engines that report everything that an engine can report, and open none. */
final class EnginesOnGpu implements EngineFactory {

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
        return List.of(new GpuTelemetry(
                3,
                OptionalDouble.of(0.5),
                OptionalLong.of(1L << 30),
                OptionalLong.of(1L << 36),
                OptionalDouble.of(41),
                OptionalDouble.of(300)));
    }

    @Override
    public OptionalLong batchLimit() {
        return OptionalLong.of(512);
    }

    @Override
    public OptionalLong batchHalvings() {
        return OptionalLong.of(0);
    }
}
