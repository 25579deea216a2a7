package dev.reverie.deploy.observe;

import dev.reverie.actors.intake.Delivery;
import dev.reverie.actors.intake.DeliveryOutcome;
import dev.reverie.actors.intake.Sample;
import dev.reverie.actors.telemetry.IngestSource;
import dev.reverie.deploy.text.Spelling;
import dev.reverie.monitoring.ClassTelemetry;
import dev.reverie.monitoring.MetricRegistrar;
import dev.reverie.streams.service.IngestListener;
import dev.reverie.streams.service.RecentRefusals;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Metrics of each ingest source's deliveries since this process started. Thread safe. */
final class IngestMetrics implements IngestListener {

    /** Histogram buckets in seconds, for decoding anything from a small image to a large batch. */
    private static final double[] BOUNDS = {
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10
    };

    private final Counter samples;
    private final Counter rejected;
    private final Histogram decode;
    private final Histogram acknowledge;
    private final Gauge deliveries;
    private final Gauge bytes;
    private final Gauge passedOver;
    private final InstantSource clock;
    private final ClassTelemetry classes;
    private final RecentRefusals recent;

    /** The result of a sample. In lower case, its name is the value of the metric label {@code result}. */
    private enum Result {
        ACCEPTED,
        DUPLICATE,
        REJECTED
    }

    /**
     * Registers the metrics.
     *
     * @param classes is told of the classes of accepted samples
     * @param recent is told of refusals
     */
    IngestMetrics(MetricRegistrar registrar, InstantSource clock, ClassTelemetry classes, RecentRefusals recent) {
        this.recent = recent;
        this.clock = clock;
        this.classes = classes;
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
                "Time to decode a delivery, whether decoding succeeds or fails. For files, the time to read them is"
                        + " included.",
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
        passedOver = registrar.gauge(
                "reverie_folder_passed_over_files",
                "Files in the watched folder that are neither pictures nor batches, and deeper folders, at the last scan.");
        for (IngestSource source : IngestSource.values()) {
            decode.initLabelValues(Spelling.of(source));
            acknowledge.initLabelValues(Spelling.of(source));
            deliveries.initLabelValues(Spelling.of(source));
            bytes.initLabelValues(Spelling.of(source));
            for (Result result : Result.values()) {
                samples.initLabelValues(Spelling.of(source), Spelling.of(result));
            }
            // from the start, since Prometheus sees no increase in the first value of a series
            for (DeliveryOutcome.Cause cause : DeliveryOutcome.Cause.values()) {
                rejected.initLabelValues(Spelling.of(source), cause.label());
            }
        }
    }

    @Override
    public DecodeTimer decoding(IngestSource source) {
        Instant start = clock.instant();
        return () -> decode.labelValues(Spelling.of(source)).observe(ReadMetrics.seconds(start, clock));
    }

    /**
     * Counts and times what the service accepts. The ingest sources count refusals, because a source can refuse a
     * delivery before it reaches the service.
     */
    @Override
    public Consumer<Optional<DeliveryOutcome>> passed(Delivery delivery) {
        String source = Spelling.of(delivery.source());
        double size = delivery.bytes();
        Instant start = clock.instant();
        deliveries.labelValues(source).inc();
        bytes.labelValues(source).inc(size);
        return outcome -> {
            deliveries.labelValues(source).dec();
            bytes.labelValues(source).dec(size);
            if (outcome.orElse(null) instanceof DeliveryOutcome.Accepted accepted) {
                acknowledge.labelValues(source).observe(ReadMetrics.seconds(start, clock));
                count(delivery.source(), Result.ACCEPTED, accepted.accepted());
                count(delivery.source(), Result.DUPLICATE, accepted.duplicates());
                classes.arrived(delivery.samples().stream().map(Sample::label).collect(Collectors.toUnmodifiableSet()));
            }
        };
    }

    @Override
    public void refused(Refused refused) {
        count(refused.source(), Result.REJECTED, refused.samples());
        rejected.labelValues(Spelling.of(refused.source()), refused.reason()).inc();
        recent.add(refused);
    }

    @Override
    public void passedOver(int files, List<String> first) {
        passedOver.set(files);
        recent.passedOver(files, first);
    }

    @Override
    public void deferred(IngestSource source, String reason) {
        rejected.labelValues(Spelling.of(source), reason).inc();
    }

    private void count(IngestSource source, Result result, long count) {
        samples.labelValues(Spelling.of(source), Spelling.of(result)).inc(count);
    }
}
