package dev.reverie.deploy.cli;

import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.gpu.tensor.Kernels;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Provides the commands with their dependencies: terminal, environment, properties, clock and engines.
 *
 * @param properties names of the system properties of Java
 * @param kernels gives direct access to the device, without an engine, for measurements and checks; throws if the
 *     device cannot be used
 * @param clock tells when something happened
 * @param nanos measures durations, in nanoseconds, and never goes back
 */
public record CliContext(
        Terminal terminal,
        Map<String, String> environment,
        Set<String> properties,
        EngineFactory engines,
        Supplier<Kernels> kernels,
        InstantSource clock,
        LongSupplier nanos) {

    /** Returns the progress views; with {@code json}, they show progress only if stderr is a terminal. */
    public ProgressViews progress(boolean json) {
        return new ProgressViews(terminal, steadyClock(), json);
    }

    public SteadyClock steadyClock() {
        return new SteadyClock(clock, nanos);
    }
}
