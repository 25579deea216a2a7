package dev.reverie.deploy.cli;

import dev.reverie.actors.loop.SteadyClock;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.experiments.continual.ServiceUnderTest;
import dev.reverie.deploy.progress.ProgressViews;
import dev.reverie.deploy.progress.Terminal;
import dev.reverie.gpu.tensor.Kernels;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Provides the commands with their dependencies: terminal, environment, properties, clock, engines and services.
 *
 * @param environment environment variables of the process
 * @param properties names of the system properties of Java
 * @param engines opens engines on the device
 * @param kernels gives direct access to the device, without an engine, for measurements and checks; throws if the
 *     device cannot be used
 * @param clock tells when something happened
 * @param nanos measures durations, in nanoseconds, and never goes back
 * @param services starts services for benchmarks and experiments
 */
public record CliContext(
        Terminal terminal,
        Map<String, String> environment,
        Set<String> properties,
        EngineFactory engines,
        Supplier<Kernels> kernels,
        InstantSource clock,
        LongSupplier nanos,
        ServiceUnderTest.Factory services) {

    /** Time after which the progress of a task that usually ends soon is shown. */
    static final Duration PROGRESS_PAUSE = Duration.ofSeconds(2);

    /** Returns the progress views; with {@code json}, they show progress only if stderr is a terminal. */
    ProgressViews progress(boolean json) {
        return new ProgressViews(terminal, steadyClock(), json);
    }

    /** Returns a new clock that measures durations. */
    SteadyClock steadyClock() {
        return new SteadyClock(clock, nanos);
    }
}
