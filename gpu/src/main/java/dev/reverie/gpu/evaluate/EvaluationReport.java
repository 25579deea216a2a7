package dev.reverie.gpu.evaluate;

import java.util.List;

/**
 * The result of an evaluation: the accuracies, on real test images, of networks that were trained on a set. All
 * accuracies are fractions.
 *
 * @param last accuracy of each network at the end of its training; the figure to report
 * @param best highest accuracy of each network in any of its tests; biased upwards, because it is chosen on the test
 *     set
 * @param byClass accuracy of each network on each class at the end of its training, in the order of the classes of the
 *     set; {@code NaN} for a class without test images
 */
public record EvaluationReport(List<Double> last, List<Double> best, List<List<Double>> byClass) {

    public EvaluationReport {
        last = List.copyOf(last);
        best = List.copyOf(best);
        byClass = byClass.stream().map(List::copyOf).toList();
        if (last.isEmpty() || last.size() != best.size() || last.size() != byClass.size()) {
            throw new IllegalArgumentException(
                    "a report needs a last, a best and a per-class accuracy for each of at least one network");
        }
    }

    /** Creates a report from the tests of each network, in order. */
    static EvaluationReport of(List<List<ClassAccuracyCounter>> tests) {
        List<ClassAccuracyCounter> last = tests.stream().map(List::getLast).toList();
        return new EvaluationReport(
                last.stream().map(ClassAccuracyCounter::accuracy).toList(),
                tests.stream().map(EvaluationReport::highest).toList(),
                last.stream().map(ClassAccuracyCounter::byClass).toList());
    }

    private static double highest(List<ClassAccuracyCounter> tests) {
        return tests.stream().mapToDouble(ClassAccuracyCounter::accuracy).max().orElseThrow();
    }

    /** Mean of {@link #last}. */
    public double mean() {
        return MeanAndStd.of(last).mean();
    }

    /** Population standard deviation of {@link #last}; 0 for a single network. */
    public double std() {
        return MeanAndStd.of(last).std();
    }

    public double bestMean() {
        return MeanAndStd.of(best).mean();
    }
}
