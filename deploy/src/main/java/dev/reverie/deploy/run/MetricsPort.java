package dev.reverie.deploy.run;

import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.monitoring.DistillationMetrics;
import dev.reverie.monitoring.EngineMetrics;
import dev.reverie.monitoring.GpuMetrics;
import dev.reverie.monitoring.MetricsServer;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** Serves the metrics of a run if a port is given. */
public final class MetricsPort implements AutoCloseable {

    private final Optional<MetricsServer> server;

    private MetricsPort(Optional<MetricsServer> server) {
        this.server = server;
    }

    /**
     * Serves metrics on {@code port} until closed; does nothing if no port is given.
     *
     * @throws InputException if the port is not available
     */
    public static MetricsPort open(Optional<Integer> port) {
        return new MetricsPort(port.map(MetricsPort::start));
    }

    private static MetricsServer start(int port) {
        try {
            return MetricsServer.start(port, new LocalMetricsAccess());
        } catch (IOException e) {
            throw new InputException("cannot serve metrics on port " + port + " (" + e.getMessage()
                    + "): choose another --metrics-port");
        }
    }

    /**
     * Returns the listeners that turn the telemetry of a run into metrics.
     *
     * @param engines engines of the run, whose kernel times, GPUs and batches are also exported
     */
    public List<TelemetryListener> listeners(EngineFactory engines, InstantSource clock) {
        server.ifPresent(running -> {
            EngineMetrics.ofKernels(running.registry(), engines::kernelSeconds);
            GpuMetrics.register(running.registry(), engines::gpus);
            EngineMetrics.ofBatches(running.registry(), engines::batchLimit, engines::batchHalvings);
        });
        return server.<TelemetryListener>map(running -> new DistillationMetrics(running.registry(), clock)).stream()
                .toList();
    }

    @Override
    public void close() {
        server.ifPresent(MetricsServer::close);
    }
}
