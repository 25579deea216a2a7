package dev.reverie.actors.worker;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.nvidia.Nvml.GpuTelemetry;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Opens the engines of a run or a service. */
@FunctionalInterface
public interface EngineFactory {

    /** Maximum number of workers that should have an engine each and compute at the same time, at least 1. */
    default int workers() {
        return 1;
    }

    /**
     * Number of workers for these settings and images, at least 1; fewer than {@link #workers()} if more do not pay.
     */
    default int workers(DistillationSettings settings, ImageShape shape) {
        return workers();
    }

    /**
     * Opens the engine of a worker. The caller closes it.
     *
     * @param worker 0 to {@link #workers()} - 1
     * @throws dev.reverie.gpu.tensor.Device.DeviceException if the device cannot be used on this machine
     */
    default DistillationEngine open(
            int worker, DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return open(settings, shape, normalisation);
    }

    /** Returns what opens the engine of each worker; the caller closes the engines. */
    default List<Supplier<DistillationEngine>> forEachWorker(
            DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return IntStream.range(0, workers(settings, shape))
                .<Supplier<DistillationEngine>>mapToObj(worker -> () -> open(worker, settings, shape, normalisation))
                .toList();
    }

    /**
     * Opens the engine of the first worker. The caller closes it.
     *
     * @throws dev.reverie.gpu.tensor.Device.DeviceException if the device cannot be used on this machine
     */
    DistillationEngine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation);

    /**
     * Seconds for which the kernels of this factory's engines have run so far, summed over cores, by kernel name; empty
     * if kernel times are not measured. Thread safe.
     */
    default Map<String, Double> kernelSeconds() {
        return Map.of();
    }

    /**
     * The state of the GPUs that the driver shows to this process; empty if no engine computes on a GPU, or if the
     * state is not known. Each call asks the driver. Thread safe.
     */
    default List<GpuTelemetry> gpus() {
        return List.of();
    }

    /** The most images that the engines compute at once on a GPU; empty if nothing limits them. Thread safe. */
    default OptionalLong batchLimit() {
        return OptionalLong.empty();
    }

    /** How often a batch did not fit the memory of the GPU; empty if nothing limits them. Thread safe. */
    default OptionalLong batchHalvings() {
        return OptionalLong.empty();
    }
}
