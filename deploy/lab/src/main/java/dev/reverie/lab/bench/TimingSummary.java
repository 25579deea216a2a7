package dev.reverie.lab.bench;

import java.util.Arrays;

/** The minimum, median and maximum times of a benchmark's repeats, in milliseconds. */
public record TimingSummary(double min, double median, double max) {

    static final double MILLIS_PER_SECOND = 1e3;

    static TimingSummary of(double... millis) {
        double[] sorted = millis.clone();
        Arrays.sort(sorted);
        return new TimingSummary(sorted[0], median(sorted), sorted[sorted.length - 1]);
    }

    /** Returns the middle one of at least one sorted value, or the mean of the two middle ones. */
    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
