package dev.reverie.deploy.run;

import dev.reverie.actors.telemetry.TelemetryListener;
import dev.reverie.actors.worker.EngineFactory;
import dev.reverie.monitoring.DistillationMetrics;
import dev.reverie.monitoring.EngineMetrics;
import dev.reverie.monitoring.MetricsServer;
import dev.reverie.monitoring.MetricsServer.RequestPolicy;
import dev.reverie.monitoring.Runbooks;
import dev.reverie.streams.http.OriginCheck;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

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
            return MetricsServer.start(port, new LocalAccess());
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
        server.ifPresent(running -> EngineMetrics.register(
                running.registry(),
                engines::kernelSeconds,
                engines::gpus,
                engines::batchLimit,
                engines::batchHalvings));
        return server.<TelemetryListener>map(running -> new DistillationMetrics(running.registry(), clock)).stream()
                .toList();
    }

    @Override
    public void close() {
        server.ifPresent(MetricsServer::close);
    }

    /**
     * Refuses requests to a separate metrics port that do not name this machine as localhost, or that come from a web
     * page of another site. Other sites may link to the runbooks.
     */
    public static final class LocalAccess implements RequestPolicy {

        private static final OriginCheck ORIGINS = OriginCheck.local();

        @Override
        public Optional<String> refusal(String path, Function<String, List<String>> headers) {
            Optional<OriginCheck.Violation> found = path.startsWith(Runbooks.PATH)
                    ? ORIGINS.violationAtLinkTarget(headers)
                    : ORIGINS.violation(headers);
            return found.map(violation -> switch (violation) {
                case FOREIGN_HOST ->
                    "this port only accepts requests to localhost: use localhost or 127.0.0.1 as the host";
                case FOREIGN_PAGE ->
                    "a web page of another site sent this request, which is not allowed: enter the address of the metrics"
                            + " in the browser";
            });
        }
    }
}
