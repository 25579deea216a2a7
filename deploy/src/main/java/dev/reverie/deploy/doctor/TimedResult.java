package dev.reverie.deploy.doctor;

import java.util.stream.IntStream;

/** The result of a computation, and the time that it took, in milliseconds. */
final class TimedResult {

    private final double[] values;
    private final double millis;

    TimedResult(double[] values, double millis) {
        this.values = values.clone();
        this.millis = millis;
    }

    /** Returns the time, and the difference from a reference. */
    EngineCheck.Timing comparedWith(TimedResult reference) {
        return new EngineCheck.Timing(millis, differenceFrom(reference));
    }

    /** Length of the difference of the two results as a fraction of the length of the other. */
    double differenceFrom(TimedResult other) {
        double[] difference = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] - other.values[i])
                .toArray();
        return length(difference) / length(other.values);
    }

    private static double length(double[] vector) {
        double sum = 0;
        for (double value : vector) {
            sum += value * value;
        }
        return Math.sqrt(sum);
    }
}
