package dev.reverie.monitoring;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * The metrics of this process as a scraper reads them: those of the JVM, and those that are registered here. Two of
 * them in one JVM know nothing of each other. Thread safe.
 */
public final class MetricsExposition {

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();

    /** Has the metrics of the JVM, so far. */
    public MetricsExposition() {
        JvmMetrics.builder().register(registry);
    }

    /**
     * What one scrape gets.
     *
     * @param contentType with its parameters, as for HTTP
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on once, never compared
    public record Page(String contentType, byte[] content) {}

    /** Where metrics are registered. */
    public PrometheusRegistry registry() {
        return registry;
    }

    /**
     * The metrics now. Takes as long as the slowest of those who are asked for theirs.
     *
     * @param accept the header of that name; OpenMetrics 1.0 if it asks for that, else Prometheus's text format 0.0.4
     */
    public Page page(Optional<String> accept) {
        ExpositionFormatWriter writer = accept.filter(formats.getOpenMetricsTextFormatWriter()::accepts)
                .<ExpositionFormatWriter>map(_ -> formats.getOpenMetricsTextFormatWriter())
                .orElse(formats.getPrometheusTextFormatWriter());
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        try {
            writer.write(content, registry.scrape());
        } catch (IOException e) {
            throw new UncheckedIOException("an array takes every byte", e);
        }
        return new Page(writer.getContentType(), content.toByteArray());
    }
}
