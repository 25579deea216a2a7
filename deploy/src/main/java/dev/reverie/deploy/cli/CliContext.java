package dev.reverie.deploy.cli;

import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.experiments.continual.ServiceUnderTest;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.gpu.tensor.Kernels;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * What the commands find in place: who they talk to, the device they compute on, the clock, services to try out.
 *
 * @param kernels of the device alone, for measuring them; throws where it cannot be used
 */
public record CliContext(
        Terminal terminal,
        EngineFactory engines,
        Supplier<Kernels> kernels,
        InstantSource clock,
        ServiceUnderTest.Factory services) {

    /** Shows progress, unless a script reads along: then only to a person. */
    ProgressViews progress(boolean json) {
        return new ProgressViews(terminal, clock, json);
    }
}
