package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.Unit;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** Follows what comes in through each door, and what becomes of it, since this process began. Thread safe. */
public final class IngestMetrics {

    /** From a small picture to a large batch, in seconds. */
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

    /** Where samples come in; its name in lower case is the value of the label {@code source}. */
    public enum Source {
        HTTP,
        KAFKA,
        FILE;

        private String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What becomes of samples; its name in lower case is the value of the label {@code result}. */
    private enum Result {
        ACCEPTED,
        DUPLICATE,
        REJECTED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Reasons that put a delivery off: it comes again, so nothing is rejected by them. */
    private static final Set<String> PASSING = Set.of("overloaded", "not-ready", "storage-full", "internal");

    /** Registers the metrics in {@code registry}, which must not have them yet. */
    public IngestMetrics(PrometheusRegistry registry) {
        samples = Counter.builder()
                .name("reverie_ingest_samples_total")
                .help(
                        "Samples by what became of them: all of a delivery that is refused, or one where it cannot be read or"
                                + " is refused unread; none of one that is put off.")
                .labelNames("source", "result")
                .register(registry);
        rejected = Counter.builder()
                .name("reverie_ingest_rejected_total")
                .help("Deliveries that were refused or put off, by the reason.")
                .labelNames("source", "reason")
                .register(registry);
        decode = seconds(
                registry,
                "reverie_ingest_decode_duration",
                "Time to make samples of what came in, or to find that it cannot be; of files, with reading them.");
        acknowledge = seconds(
                registry,
                "reverie_ingest_ack_duration",
                "Time from handing the samples of a delivery to the service to their being durable and acknowledged.");
        deliveries = gauge(
                registry,
                "reverie_ingest_in_flight_deliveries",
                "Deliveries that were handed to the service and are not answered yet.");
        bytes = gauge(
                registry,
                "reverie_ingest_in_flight_bytes",
                "Bytes of the samples in deliveries that were handed to the service and are not answered yet.");
        for (Source source : Source.values()) {
            decode.initLabelValues(source.label());
            acknowledge.initLabelValues(source.label());
            deliveries.initLabelValues(source.label());
            bytes.initLabelValues(source.label());
            for (Result result : Result.values()) {
                samples.initLabelValues(source.label(), result.label());
            }
            PASSING.forEach(reason -> rejected.initLabelValues(source.label(), reason));
        }
    }

    private static Histogram seconds(PrometheusRegistry registry, String name, String help) {
        return Histogram.builder()
                .name(name)
                .unit(Unit.SECONDS)
                .help(help)
                .labelNames("source")
                .classicUpperBounds(BOUNDS)
                .register(registry);
    }

    private static Gauge gauge(PrometheusRegistry registry, String name, String help) {
        return Gauge.builder().name(name).help(help).labelNames("source").register(registry);
    }

    /** Samples were made of what came in, or it was found that they cannot be. */
    public void decoded(Source source, Duration taken) {
        decode.labelValues(source.label()).observe(taken.toNanos() / NANOS);
    }

    /** The service has a delivery, and has not answered it yet. */
    public void handed(Source source, long size) {
        deliveries.labelValues(source.label()).inc();
        bytes.labelValues(source.label()).inc((double) size);
    }

    /** It has answered it, or failed to. */
    public void answered(Source source, long size) {
        deliveries.labelValues(source.label()).dec();
        bytes.labelValues(source.label()).dec((double) size);
    }

    /** A delivery was found durable after that time. */
    public void acknowledged(Source source, Duration taken) {
        acknowledge.labelValues(source.label()).observe(taken.toNanos() / NANOS);
    }

    /** Samples are durable. */
    public void accepted(Source source, long count) {
        count(source, Result.ACCEPTED, count);
    }

    /** Samples had been there already. */
    public void duplicates(Source source, long count) {
        count(source, Result.DUPLICATE, count);
    }

    /**
     * A delivery was refused or put off.
     *
     * @param reason one of a few dozen fixed words, for example {@code image-invalid}: each makes a series
     * @param samples that are known to be in it, 1 where nothing is known of them
     */
    public void refused(Source source, String reason, long samples) {
        if (!PASSING.contains(reason)) {
            count(source, Result.REJECTED, samples);
        }
        rejected.labelValues(source.label(), reason).inc();
    }

    private void count(Source source, Result result, long count) {
        samples.labelValues(source.label(), result.label()).inc(count);
    }
}
