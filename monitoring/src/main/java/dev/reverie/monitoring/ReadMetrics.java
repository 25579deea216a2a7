package dev.reverie.monitoring;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.List;

/** Metrics of the reads of the memory since this process started. Thread safe. */
public final class ReadMetrics {

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

    /**
     * Registers the metrics in {@code registry}, which must not contain them yet.
     *
     * @param calls the calls that read the memory, each of which creates series
     */
    public ReadMetrics(PrometheusRegistry registry, List<String> calls) {
        MetricRegistrar registrar = new MetricRegistrar(registry);
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
        for (String call : calls) {
            reads.initLabelValues(call, "200");
            bytes.initLabelValues(call);
            duration.initLabelValues(call);
            age.initLabelValues(call);
        }
    }

    /**
     * Counts an answered read.
     *
     * @param status HTTP status of the answer
     * @param size size of the answer in bytes
     * @param taken time until the answer was ready
     */
    public void answered(String call, int status, long size, Duration taken) {
        reads.labelValues(call, Integer.toString(status)).inc();
        bytes.labelValues(call).inc(size);
        duration.labelValues(call).observe(taken.toNanos() / NANOS);
    }

    /** Records how long it took to read the memory from all classes, in seconds. */
    public void gathered(double seconds) {
        gather.observe(seconds);
    }

    /** Records how long ago the memory that was handed out last changed. */
    public void handedOut(String call, Duration since) {
        age.labelValues(call).observe(since.toNanos() / NANOS);
    }
}
