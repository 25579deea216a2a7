package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;

/** Metrics of what waits at a door, or before it; each is asked for at each scrape, so it is quick. */
public final class IngestQueueMetrics {

    private IngestQueueMetrics() {}

    /** Registers how many bytes of deliveries over HTTP are in hand. */
    public static void ofHttp(PrometheusRegistry registry, LongSupplier bytesInHand) {
        gauge(
                registry,
                "reverie_http_in_hand_bytes",
                "Bytes of deliveries over HTTP that are not answered yet, as they came or decoded.",
                bytesInHand);
    }

    /** Registers how many records of a topic wait. */
    public static void ofKafka(PrometheusRegistry registry, LongSupplier behind) {
        gauge(
                registry,
                "reverie_kafka_lag_records",
                "Records of the topic that wait to be read, as of the last look, marks of transactions included.",
                behind);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call((double) value.getAsLong()))
                .register(registry);
    }
}
