package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.IngestSource;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Metrics of each ingest source's deliveries since this process started. Thread safe. */
public final class IngestMetrics {

    /** Histogram buckets in seconds, for decoding anything from a small image to a large batch. */
    private static final double[] BOUNDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private static final double NANOS = 1e9;

    private final Counter samples;
    private final Counter rejected;
    private final Histogram decode;
    private final Histogram acknowledge;
    private final Gauge deliveries;
    private final Gauge bytes;

    /** The result of a sample. In lower case, its name is the value of the metric label {@code result}. */
    private enum Result {
        ACCEPTED,
        DUPLICATE,
        REJECTED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Registers the metrics in {@code registry}, which must not contain them yet.
     *
     * @param deferralReasons the reasons of deferrals. Their series exist from the start, since Prometheus sees no
     *     increase in the first value of a series
     */
    public IngestMetrics(PrometheusRegistry registry, List<String> deferralReasons) {
        MetricRegistrar registrar = new MetricRegistrar(registry);
        samples = registrar.counter(
                "reverie_ingest_samples_total",
                "Samples by result. All samples of a refused delivery are counted; a refused delivery that cannot be"
                        + " decoded counts as one sample. Samples of deferred deliveries are not counted.",
                "source",
                "result");
        rejected = registrar.counter(
                "reverie_ingest_rejected_total", "Refused and deferred deliveries by reason.", "source", "reason");
        decode = registrar.seconds(
                "reverie_ingest_decode_duration",
                "Time to decode a delivery, whether decoding succeeds or fails. For files, the time to read them is included.",
                BOUNDS,
                "source");
        acknowledge = registrar.seconds(
                "reverie_ingest_ack_duration",
                "Time from when a delivery is passed to the service until it is durable and acknowledged.",
                BOUNDS,
                "source");
        deliveries = registrar.gauge(
                "reverie_ingest_in_flight_deliveries",
                "Deliveries that the service has not acknowledged yet.",
                "source");
        bytes = registrar.gauge(
                "reverie_ingest_in_flight_bytes",
                "Approximate size in memory of the samples in deliveries that the service has not acknowledged yet.",
                "source");
        for (IngestSource source : IngestSource.values()) {
            decode.initLabelValues(label(source));
            acknowledge.initLabelValues(label(source));
            deliveries.initLabelValues(label(source));
            bytes.initLabelValues(label(source));
            for (Result result : Result.values()) {
                samples.initLabelValues(label(source), result.label());
            }
            deferralReasons.forEach(reason -> rejected.initLabelValues(label(source), reason));
        }
    }

    private static String label(IngestSource source) {
        return source.name().toLowerCase(Locale.ROOT);
    }

    /** Records the time taken to decode a delivery, whether decoding succeeded or failed. */
    public void decoded(IngestSource source, Duration taken) {
        decode.labelValues(label(source)).observe(taken.toNanos() / NANOS);
    }

    /** Records that a delivery was passed to the service. */
    public void handed(IngestSource source, long size) {
        deliveries.labelValues(label(source)).inc();
        bytes.labelValues(label(source)).inc((double) size);
    }

    /** Records that the service responded to a delivery or failed to process it. */
    public void answered(IngestSource source, long size) {
        deliveries.labelValues(label(source)).dec();
        bytes.labelValues(label(source)).dec((double) size);
    }

    /** Records the time taken until a delivery was durable. */
    public void acknowledged(IngestSource source, Duration taken) {
        acknowledge.labelValues(label(source)).observe(taken.toNanos() / NANOS);
    }

    /** Counts accepted samples. */
    public void accepted(IngestSource source, long count) {
        count(source, Result.ACCEPTED, count);
    }

    /** Counts duplicate samples. */
    public void duplicates(IngestSource source, long count) {
        count(source, Result.DUPLICATE, count);
    }

    /**
     * Counts a refused delivery and its samples.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid}; each reason creates a series
     * @param samples number of samples in the delivery, or 1 if unknown
     */
    public void refused(IngestSource source, String reason, long samples) {
        count(source, Result.REJECTED, samples);
        rejected.labelValues(label(source), reason).inc();
    }

    /**
     * Counts a deferred delivery, but not its samples, because they are sent again.
     *
     * @param reason one of a few fixed words, for example {@code overloaded}; each reason creates a series
     */
    public void deferred(IngestSource source, String reason) {
        rejected.labelValues(label(source), reason).inc();
    }

    private void count(IngestSource source, Result result, long count) {
        samples.labelValues(label(source), result.label()).inc(count);
    }

    /**
     * Registers the size of the unanswered HTTP deliveries.
     *
     * @param pendingBytes called for each scrape, so it must return quickly
     */
    public static void ofHttp(PrometheusRegistry registry, LongSupplier pendingBytes) {
        new MetricRegistrar(registry)
                .measured(
                        "reverie_http_in_hand_bytes",
                        "Size, as received or decoded, of the HTTP deliveries that have not been answered yet.",
                        pendingBytes::getAsLong);
    }

    /**
     * Registers the consumer lag of the Kafka topic.
     *
     * @param lag called for each scrape, so it must return quickly
     */
    public static void ofKafka(PrometheusRegistry registry, LongSupplier lag) {
        new MetricRegistrar(registry)
                .measured(
                        "reverie_kafka_lag_records",
                        "Number of unread records in the topic at the last check, including transaction markers.",
                        lag::getAsLong);
    }
}
