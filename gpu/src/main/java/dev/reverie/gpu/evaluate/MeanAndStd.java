package dev.reverie.gpu.evaluate;

import java.util.List;

/** Mean and population standard deviation, 0 for a single value, of a series of values. */
public record MeanAndStd(double mean, double std) {

    /**
     * Computes the mean and standard deviation of at least one value.
     *
     * @throws IllegalArgumentException if there are no values
     */
    public static MeanAndStd of(List<Double> values) {
        if (values.isEmpty()) {
            throw new IllegalArgumentException("at least one value is needed for a mean");
        }
        double mean = mean(values);
        return new MeanAndStd(
                mean,
                Math.sqrt(mean(values.stream().map(x -> (x - mean) * (x - mean)).toList())));
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
