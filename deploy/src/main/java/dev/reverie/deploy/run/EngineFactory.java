package dev.reverie.deploy.run;

import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.method.DistillationSettings;
import dev.reverie.gpu.method.Engine;
import java.util.function.Supplier;

/** Where a run gets its engine from: the device of this machine, or a stand-in. */
@FunctionalInterface
public interface EngineFactory {

    /** Makes engines for one run, a new one at each call of the supplier. */
    Supplier<Engine> engines(Dataset dataset, DistillationSettings settings);
}
