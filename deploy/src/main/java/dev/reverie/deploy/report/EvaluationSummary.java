package dev.reverie.deploy.report;

import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.Spread;
import java.util.List;

/**
 * One evaluation in full; {@code evaluate --json}. Accuracies are fractions in [0, 1].
 *
 * @param set the NPZ file
 * @param storedImages what the set stores
 * @param images what they decode to, and the networks are trained on
 * @param accuracy at the end of each training: the figure to quote
 * @param best at the best of each training's tests, which is chosen on the test set and so flatters
 */
public record EvaluationSummary(
        String set,
        String dataset,
        int storedImages,
        int images,
        int testImages,
        EvaluationSettings settings,
        Accuracy accuracy,
        Accuracy best,
        double seconds) {

    /**
     * Over the repeats.
     *
     * @param std population standard deviation
     */
    public record Accuracy(double mean, double std, List<Double> values) {

        static Accuracy of(List<Double> values) {
            Spread spread = Spread.of(values);
            return new Accuracy(spread.mean(), spread.std(), values);
        }
    }

    /** The accuracy at the end of each training. */
    public static Accuracy last(EvaluationReport report) {
        return Accuracy.of(report.last());
    }

    /** The accuracy at the best of each training's tests. */
    public static Accuracy best(EvaluationReport report) {
        return Accuracy.of(report.best());
    }
}
