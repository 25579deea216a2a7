package dev.reverie.deploy;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.dataset.Normalisation;
import dev.reverie.gpu.engine.DistillationEngine;
import dev.reverie.gpu.matching.MatchingEngine;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.profile.KernelClock;
import dev.reverie.gpu.tensor.Device;
import java.util.Map;

/**
 * Engines on this build's device, their kernels timed.
 *
 * @param clock of the kernels of all of them
 */
record DeviceEngines(KernelClock clock) implements EngineFactory {

    @Override
    public DistillationEngine open(DistillationSettings settings, ImageShape shape, Normalisation normalisation) {
        return MatchingEngine.on(clock.timing(Device.kernels()), Device.threads(), settings, shape, normalisation);
    }

    @Override
    public Map<String, Double> kernelSeconds() {
        return clock.seconds();
    }
}
