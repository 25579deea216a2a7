package dev.reverie.actors.worker;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.nvidia.GpuTelemetry;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/** Opens the engines of a service's worker. */
@FunctionalInterface
public interface EngineFactory {

    /**
     * Opens an engine. The caller closes it.
     *
     * @param shape shape of all images
     * @param normalisation normalisation of the real data
     * @throws dev.reverie.gpu.tensor.DeviceException if the device cannot be used on this machine
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
