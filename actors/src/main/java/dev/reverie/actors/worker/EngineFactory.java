package dev.reverie.actors.worker;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.method.DistillationSettings;
import java.util.Map;

/** Where engines come from: the device of this machine, or a stand-in. */
@FunctionalInterface
public interface EngineFactory {

    /**
     * Opens an engine; its caller closes it.
     *
     * @param shape of all images
     * @param normalisation of the real data
     * @throws dev.reverie.gpu.tensor.DeviceException if the device cannot be used here
     */
    DistillationEngine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation);

    /**
     * Seconds that the kernels of all its engines have taken so far, summed over cores, by the kernel's name; empty if
     * nobody measures. Thread safe.
     */
    default Map<String, Double> kernelSeconds() {
        return Map.of();
    }
}
