package dev.reverie.deploy.experiments.report;

import dev.reverie.deploy.run.RunCost;
import dev.reverie.gpu.evaluate.DdRankingScores;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.List;
import java.util.Optional;

/**
 * One evaluation in full; {@code evaluate --json}. Accuracies are fractions in [0, 1].
 *
 * @param set the NPZ file
 * @param storedImages what the set stores
 * @param images what they decode to, and the networks are trained on
 * @param accuracy at the end of each training: the figure to quote
 * @param best at the best of each training's tests, which is chosen on the test set and so flatters
 * @param networks the same of each kind of network; {@code accuracy} and {@code best} are those of the first
 * @param tested which classes the networks were tested on
 * @param scores those of DD-Ranking, if they were asked for
 * @param cost of making the set, if its run's folder tells
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
        double seconds,
        List<NetworkResult> networks,
        Tested tested,
        Optional<DdRankingScores> scores,
        StoredSize size,
        Optional<RunCost> cost) {

    public EvaluationSummary {
        networks = List.copyOf(networks);
    }

    /**
     * Classes with test images.
     *
     * @param classes of the dataset that the set has
     * @param of the dataset's classes
     */
    public record Tested(int classes, int of) {

        /** Nothing where all classes were tested. */
        String share() {
            return classes == of ? "" : ", tested on its " + classes + " of " + of + " classes";
        }
    }

    /**
     * Over the repeats.
     *
     * @param std population standard deviation
     */
    public record Accuracy(double mean, double std, List<Double> values) {

        static Accuracy of(List<Double> values) {
            MeanAndStd spread = MeanAndStd.of(values);
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
