package dev.reverie.gpu.evaluate;

import java.util.List;

/**
 * What a set is worth: the share of real test images that networks trained on it get right, as fractions.
 *
 * @param last accuracy of each network at the end of its training: the figure to quote
 * @param best highest accuracy of each network at any of its tests; chosen on the test set, so it flatters
 */
public record EvaluationReport(List<Double> last, List<Double> best) {

    public EvaluationReport {
        last = List.copyOf(last);
        best = List.copyOf(best);
        if (last.isEmpty() || last.size() != best.size()) {
            throw new IllegalArgumentException("want one last and one best accuracy for each of at least one network");
        }
    }

    /** Mean of {@link #last}. */
    public double mean() {
        return mean(last);
    }

    /** Population standard deviation of {@link #last}; 0 for a single network. */
    public double std() {
        double mean = mean();
        return Math.sqrt(mean(last.stream().map(x -> (x - mean) * (x - mean)).toList()));
    }

    /** Mean of {@link #best}. */
    public double bestMean() {
        return mean(best);
    }

    private static double mean(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).average().orElseThrow();
    }
}
