package dev.reverie.deploy.observe;

import dev.reverie.deploy.text.Spelling;
import dev.reverie.monitoring.MetricRegistrar;
import dev.reverie.streams.service.ReadListener;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Metrics of the reads of the memory since this process started. Thread safe. */
final class ReadMetrics implements ReadListener {

    /** Histogram buckets in seconds, for answers from a cached batch to a large memory that must be encoded. */
    private static final double[] DURATIONS = {0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10};

    /** Histogram buckets in seconds, for memories that learn to memories that converged a day ago. */
    private static final double[] AGES = {1, 5, 15, 60, 300, 900, 3600, 21600, 86400};

    private static final double NANOS = 1e9;

    private final Counter reads;
    private final Counter bytes;
    private final Histogram duration;
    private final Histogram age;
    private final Histogram gather;
    private final InstantSource clock;
    private final InstantSource steadyClock;

    /**
     * Registers the metrics.
     *
     * @param clock tells the age of the memory that is handed out
     * @param steadyClock measures the duration of reads
     */
    ReadMetrics(MetricRegistrar registrar, InstantSource clock, InstantSource steadyClock) {
        this.clock = clock;
        this.steadyClock = steadyClock;
        reads = registrar.counter(
                "reverie_reads_total", "Answered reads of the memory, by call and HTTP status.", "call", "code");
        bytes = registrar.counter("reverie_read_bytes_total", "Size of the answers to reads of the memory.", "call");
        duration = registrar.seconds(
                "reverie_read_duration",
                "Time from a read of the memory until its answer is ready to be sent.",
                DURATIONS,
                "call");
        age = registrar.seconds(
                "reverie_read_age",
                "Time since the memory last changed, at each read that handed it out or said that the client has it."
                        + " It counts from the start of the process at the earliest.",
                AGES,
                "call");
        gather = registrar.seconds(
                "reverie_memory_gather_duration",
                "Time to read the memory from all classes, which happens at most once a second. In a cluster, they"
                        + " live on all nodes.",
                DURATIONS);
        for (Call call : Call.values()) {
            reads.initLabelValues(Spelling.of(call), "200");
            bytes.initLabelValues(Spelling.of(call));
            duration.initLabelValues(Spelling.of(call));
            age.initLabelValues(Spelling.of(call));
        }
    }

    @Override
    public Read begin(Call call) {
        String label = Spelling.of(call);
        Instant start = steadyClock.instant();
        return (status, size, changed) -> {
            reads.labelValues(label, Integer.toString(status)).inc();
            bytes.labelValues(label).inc(size);
            duration.labelValues(label).observe(seconds(start, steadyClock));
            changed.ifPresent(since -> age.labelValues(label).observe(seconds(since, clock)));
        };
    }

    /** Returns the seconds until now, never negative, even if the clock is set back. */
    static double seconds(Instant since, InstantSource clock) {
        return Math.max(0, Duration.between(since, clock.instant()).toNanos() / NANOS);
    }

    /** Records how long it took to read the memory from all classes, in seconds. */
    void gathered(double seconds) {
        gather.observe(seconds);
    }
}
