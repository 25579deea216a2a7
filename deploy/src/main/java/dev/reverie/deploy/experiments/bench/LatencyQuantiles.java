package dev.reverie.deploy.experiments.bench;

import java.util.Collection;

/** Of some durations, in milliseconds. */
public record LatencyQuantiles(int count, double median, double p99, double max) {

    private static final double NINETY_NINE = 0.99;

    /** Of at least one. */
    static LatencyQuantiles of(Collection<Double> millis) {
        double[] sorted =
                millis.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        int last = sorted.length - 1;
        return new LatencyQuantiles(
                sorted.length, sorted[last / 2], sorted[(int) Math.ceil(NINETY_NINE * last)], sorted[last]);
    }
}
