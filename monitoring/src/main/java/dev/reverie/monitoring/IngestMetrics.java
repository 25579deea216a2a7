package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.Set;

/** Counts what comes in through each door, and what becomes of it, since this process began. Thread safe. */
public final class IngestMetrics {

    private final Counter samples;
    private final Counter rejected;

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
        for (Source source : Source.values()) {
            for (Result result : Result.values()) {
                samples.initLabelValues(source.label(), result.label());
            }
            PASSING.forEach(reason -> rejected.initLabelValues(source.label(), reason));
        }
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
