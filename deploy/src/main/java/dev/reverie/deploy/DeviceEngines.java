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

    /** Most bytes of the arrays of a class step of which the CPU computes two at a time. */
    private static final long MOST_SHARED = 40 << 20;

    @Override
    public int workers() {
        return Device.workers();
    }

    /**
     * One worker on the CPU if a class step is long, so that waiting hardly matters and the arrays of a second one are
     * large, or if the classes share a loss, since every engine computes it.
     */
    @Override
    public int workers(DistillationSettings settings, ImageShape shape) {
        boolean one = settings.method().isJoint()
                || settings.stepBytes(shape, settings.decoded(settings.ipc())) > MOST_SHARED;
        return one && Device.workersShareCores() ? 1 : workers();
    }

    @Override
    public DistillationEngine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return open(0, settings, shape, normalisation);
    }

    @Override
    public DistillationEngine open(
            int worker, DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return MatchingEngine.on(
                Device.computeThreads(timer.timing(Device.kernels(worker))), settings, shape, normalisation);
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
