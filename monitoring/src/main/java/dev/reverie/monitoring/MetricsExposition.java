package dev.reverie.monitoring;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Collects metrics in a registry and writes them in the formats that Prometheus reads. The registry also contains the
 * metrics of the JVM. Each instance has a separate registry. Thread safe.
 */
public final class MetricsExposition {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();

    /** Creates an exposition that contains only the metrics of the JVM. */
    public MetricsExposition() {
        JvmMetrics.builder().register(registry);
    }

    /**
     * The response to one scrape.
     *
     * @param contentType value of the HTTP header {@code Content-Type}
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Page(String contentType, byte[] content) {}

    public PrometheusRegistry registry() {
        return registry;
    }

    /**
     * Collects the current values of all metrics. Calls the collectors one after another, so a slow collector delays
     * the result.
     *
     * @param accept value of the HTTP header {@code Accept}, empty without one; the page is in OpenMetrics 1.0 if the
     *     header names this format, and otherwise in the Prometheus text format 0.0.4
     */
    public Page page(String accept) {
        ExpositionFormatWriter writer = formats.findWriter(accept);
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try {
            writer.write(content, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("writing to an array cannot fail", e);
        }
        return new Page(writer.getContentType(), content.toByteArray());
    }
}
