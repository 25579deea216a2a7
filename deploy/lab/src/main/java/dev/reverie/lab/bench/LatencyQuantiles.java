package dev.reverie.lab.bench;

import java.util.Collection;

/** Quantiles of latencies, in milliseconds. */
public record LatencyQuantiles(int count, double median, double p99, double max) {

    private static final double P99 = 0.99;

    /** Computes the quantiles of at least one latency. */
    static LatencyQuantiles of(Collection<Double> millis) {
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int last = sorted.length - 1;
        return new LatencyQuantiles(
                sorted.length, TimingSummary.median(sorted), sorted[(int) Math.ceil(P99 * last)], sorted[last]);
    }
}
