package dev.reverie.gpu.evaluate;

import java.util.List;

/**
 * What a set is worth: the share of real test images that networks trained on it get right, as fractions.
 *
 * @param last accuracy of each network at the end of its training: the figure to quote
 * @param best highest accuracy of each network at any of its tests; chosen on the test set, so it flatters
 * @param byClass for each network, at the end of its training, the accuracy on the test images of each class by its
 *     index; {@code NaN} for a class without any
 */
public record EvaluationReport(List<Double> last, List<Double> best, List<List<Double>> byClass) {

    public EvaluationReport {
        last = List.copyOf(last);
        best = List.copyOf(best);
        byClass = byClass.stream().map(List::copyOf).toList();
        if (last.isEmpty() || last.size() != best.size() || last.size() != byClass.size()) {
            throw new IllegalArgumentException(
                    "want a last, a best and a class by class accuracy for each of at least one network");
        }
    }

    /** Of networks that were tested once each. */
    static EvaluationReport ofLast(List<ClassAccuracyCounter> tests) {
        List<Double> last = tests.stream().map(ClassAccuracyCounter::accuracy).toList();
        return new EvaluationReport(
                last, last, tests.stream().map(ClassAccuracyCounter::byClass).toList());
    }

    /** Mean of {@link #last}. */
    public double mean() {
        return MeanAndStd.of(last).mean();
    }

    /** Population standard deviation of {@link #last}; 0 for a single network. */
    public double std() {
        return MeanAndStd.of(last).std();
    }

    /** Mean of {@link #best}. */
    public double bestMean() {
        return MeanAndStd.of(best).mean();
    }
}
