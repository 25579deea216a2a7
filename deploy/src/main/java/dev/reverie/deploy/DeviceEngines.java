package dev.reverie.deploy;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.nvidia.Nvml;
import dev.reverie.gpu.nvidia.Nvml.GpuTelemetry;
import dev.reverie.gpu.tensor.BatchLimit;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.KernelTimer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Opens engines on the device that this build targets, and times their kernels. */
record DeviceEngines(KernelTimer timer) implements EngineFactory {

    @Override
    public int workers() {
        return Device.workers();
    }

    @Override
    public DistillationEngine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return open(0, settings, shape, normalisation);
    }

    @Override
    public DistillationEngine open(
            int worker, DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return MatchingEngine.on(
                timer.timing(Device.kernels(worker)), Device.threads(), settings, shape, normalisation);
    }

    @Override
    public Map<String, Double> kernelSeconds() {
        return timer.seconds();
    }

    @Override
    public List<GpuTelemetry> gpus() {
        Optional<Nvml> nvml = Device.computesOnGpu() ? Nvml.ofThisMachine() : Optional.empty();
        return nvml.map(Nvml::gpus).orElse(List.of());
    }

    @Override
    public OptionalLong batchLimit() {
        return Device.batchLimit().stream().mapToLong(BatchLimit::samples).findFirst();
    }

    @Override
    public OptionalLong batchHalvings() {
        return Device.batchLimit().stream().mapToLong(BatchLimit::halvings).findFirst();
    }
}
