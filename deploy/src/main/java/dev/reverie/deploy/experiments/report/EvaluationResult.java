package dev.reverie.deploy.experiments.report;

import dev.reverie.deploy.run.RunCost;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.evaluate.DdRankingScores;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.MeanAndStd;
import java.util.List;
import java.util.Optional;

/**
 * The full result of an evaluation; the output of {@code evaluate --json}. Accuracies are fractions in [0, 1].
 *
 * @param set the NPZ file
 * @param storedImages number of images that the set stores
 * @param images number of decoded images, on which the networks are trained
 * @param accuracy at the end of each training: the figure to quote
 * @param best the best accuracy during each training; too high, because it is chosen on the test set
 * @param networks the results of each kind of network; {@code accuracy} and {@code best} are those of the first
 * @param tested the number of classes with test images
 * @param scores of DD-Ranking, if requested
 * @param size of the set and of the real data
 * @param cost of the run that made the set, if its folder contains a manifest
 */
public record EvaluationResult(
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

    public EvaluationResult {
        networks = List.copyOf(networks);
    }

    /**
     * The number of classes that were tested.
     *
     * @param classes the classes that both the set and the dataset have
     * @param of all classes of the dataset
     */
    public record Tested(int classes, int of) {

        /** Describes the tested classes; empty if all were tested. */
        String share() {
            return classes == of ? "" : ", tested on " + classes + " of " + of + " classes";
        }
    }

    /**
     * The accuracy over the repeats.
     *
     * @param std population standard deviation
     */
    public record Accuracy(double mean, double std, List<Double> values) {

        static Accuracy of(List<Double> values) {
            MeanAndStd spread = MeanAndStd.of(values);
            return new Accuracy(spread.mean(), spread.std(), values);
        }
    }

    /**
     * The size of a set relative to its real data.
     *
     * @param setBytes of the stored images and of the soft labels, if any, in single precision
     * @param realBytes of the real training images, with one byte per value
     * @param ratio {@code setBytes / realBytes}
     */
    public record StoredSize(long setBytes, long realBytes, double ratio) {

        /** Computes the size of a set and of the data from which it was made. */
        public static StoredSize of(DistilledSet set, Dataset real) {
            long values =
                    (long) set.parameters().count() * set.parameters().shape().size();
            long labels = set.softLabels()
                    .map(soft -> (long) soft.count() * soft.classes())
                    .orElse(0L);
            long setBytes = Float.BYTES * (values + labels);
            long realBytes = (long) real.train().size() * real.shape().size();
            return new StoredSize(setBytes, realBytes, (double) setBytes / realBytes);
        }
    }

    /** Returns the accuracy at the end of each training. */
    public static Accuracy last(EvaluationReport report) {
        return Accuracy.of(report.last());
    }

    /** Returns the best accuracy during each training. */
    public static Accuracy best(EvaluationReport report) {
        return Accuracy.of(report.best());
    }
}
