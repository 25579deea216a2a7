package dev.reverie.actors.worker;

import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Engine;

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
    Engine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation);
}
