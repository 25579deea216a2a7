package dev.reverie.deploy.experiments.bench;

import java.util.Arrays;

/** The minimum, median and maximum times of a benchmark's repeats, in milliseconds. */
public record TimingSummary(double min, double median, double max) {

    static TimingSummary of(double... millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new TimingSummary(sorted[0], median, sorted[sorted.length - 1]);
    }
}
