package dev.reverie.deploy.config;

import java.util.OptionalInt;

/**
 * The settings for Prometheus metrics.
 *
 * @param port separate port on the loopback interface; empty if the API serves the metrics
 * @param maxClassSeries maximum number of classes with their own time series
 */
public record MetricsConfig(OptionalInt port, int maxClassSeries) {

    private static final int MAX_PORT = 65_535;
    private static final int MAX_SERIES = 10_000;

    static MetricsConfig read(ConfigSection metrics) {
        int port = metrics.integer("port", 0, MAX_PORT);
        return new MetricsConfig(
                port == 0 ? OptionalInt.empty() : OptionalInt.of(port),
                metrics.integer("max-class-series", 0, MAX_SERIES));
    }
}
