package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.function.LongSupplier;

/**
 * The metrics for unanswered HTTP deliveries and unread Kafka records. Each scrape calls the suppliers, so the
 * suppliers must return quickly.
 */
public final class IngestQueueMetrics {

    private IngestQueueMetrics() {}

    /** Registers the size of the unanswered HTTP deliveries. */
    public static void ofHttp(PrometheusRegistry registry, LongSupplier pendingBytes) {
        gauge(
                registry,
                "reverie_http_in_hand_bytes",
                "Size, as received or decoded, of the HTTP deliveries that have not been answered yet.",
                pendingBytes);
    }

    /** Registers the consumer lag of the Kafka topic. */
    public static void ofKafka(PrometheusRegistry registry, LongSupplier lag) {
        gauge(
                registry,
                "reverie_kafka_lag_records",
                "Number of unread records in the topic at the last check, including transaction markers.",
                lag);
    }

    private static void gauge(PrometheusRegistry registry, String name, String help, LongSupplier value) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(gauge -> gauge.call((double) value.getAsLong()))
                .register(registry);
    }
}
