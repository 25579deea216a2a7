package dev.reverie.deploy.observe;

import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.deploy.run.InputException;
import dev.reverie.monitoring.DistillationMetrics;
import dev.reverie.monitoring.MetricRegistrar;
import dev.reverie.monitoring.MetricsExposition;
import java.io.IOException;
import java.time.InstantSource;

/** The metrics of a run, which are served until this is closed. */
public record RunMetrics(MetricsServer server, TelemetryListener telemetry) implements AutoCloseable {

    /**
     * Serves the metrics of a run.
     *
     * @throws InputException if the port is not available
     */
    public static RunMetrics serve(int port, EngineFactory engines, InstantSource clock) {
        MetricsExposition exposition = new MetricsExposition();
        EngineMetrics.register(new MetricRegistrar(exposition.registry()), engines);
        TelemetryListener telemetry = new DistillationMetrics(exposition.registry(), clock);
        try {
            return new RunMetrics(MetricsServer.start(port, exposition.registry()), telemetry);
        } catch (IOException e) {
            throw new InputException("cannot serve metrics on port " + port + " (" + e.getMessage()
                    + "): choose another --metrics-port");
        }
    }

    @Override
    public void close() {
        server.close();
    }
}
