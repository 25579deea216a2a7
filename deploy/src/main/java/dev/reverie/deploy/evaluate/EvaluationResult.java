package dev.reverie.deploy.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import dev.reverie.deploy.run.RunFolder;
import dev.reverie.gpu.dataset.ClassList;
import dev.reverie.gpu.dataset.Dataset;
import dev.reverie.gpu.evaluate.DdRankingScores;
import dev.reverie.gpu.evaluate.EvaluationReport;
import dev.reverie.gpu.evaluate.EvaluationSettings;
import dev.reverie.gpu.evaluate.MeanAndStd;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The complete result of an evaluation, which is the output of {@code evaluate --json}. Accuracies are fractions in [0,
 * 1].
 *
 * @param set path of the NPZ file with the set
 * @param storedImages number of images that the set stores
 * @param images number of decoded images, on which the networks are trained
 * @param testImages number of real images on which each network is tested
 * @param settings the settings of the first kind of network
 * @param accuracy the accuracy of the networks at the end of their training; the figure to quote
 * @param best the highest test accuracy that each network reached during its training; too optimistic, because it is
 *     selected on the test set
 * @param seconds time to train and test all networks, and to compute the scores
 * @param networks one result per kind of network; {@code accuracy} and {@code best} are those of the first result
 * @param tested the number of tested classes and the number of classes in the dataset
 * @param cost the cost of the run that made the set, if the set's folder contains a manifest
 * @param observer file of the network that labelled the batches, if the recipe has one
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
        Optional<Cost> cost,
        Optional<String> observer) {

    public EvaluationResult {
        networks = List.copyOf(networks);
    }

    /**
     * The number of classes that were tested.
     *
     * @param classes number of classes that both the set and the dataset have
     * @param of number of classes of the dataset
     */
    public record Tested(int classes, int of) {

        /** Describes how many classes were tested; returns an empty string if all were tested. */
        String share() {
            return classes == of ? "" : ", tested on " + classes + " of " + of + " classes";
        }
    }

    /**
     * The accuracies of the networks of one kind.
     *
     * @param mean mean over the repeats
     * @param std population standard deviation
     * @param values one accuracy per repeat
     */
    public record Accuracy(double mean, double std, List<Double> values) {

        public Accuracy {
            values = List.copyOf(values);
        }

        static Accuracy of(List<Double> values) {
            MeanAndStd spread = MeanAndStd.of(values);
            return new Accuracy(spread.mean(), spread.std(), values);
        }
    }

    /**
     * The result of evaluating a set with one kind of network.
     *
     * @param accuracy the accuracy of the networks at the end of their training
     * @param best the highest test accuracy that each network reached during its training
     * @param byClass the accuracy at the end of training, by class; classes without test images are omitted
     * @param seconds duration of training and testing
     */
    public record NetworkResult(
            String network, Accuracy accuracy, Accuracy best, List<ClassAccuracy> byClass, double seconds) {

        public NetworkResult {
            byClass = List.copyOf(byClass);
        }

        /**
         * The accuracy on the test images of one class, over the repeats.
         *
         * @param name the name of the class, or its index if the set does not name it
         */
        public record ClassAccuracy(String name, double mean, double std) {}

        public static NetworkResult of(String network, EvaluationReport report, ClassList classes, double seconds) {
            return new NetworkResult(
                    network, Accuracy.of(report.last()), Accuracy.of(report.best()), byClass(report, classes), seconds);
        }

        private static List<ClassAccuracy> byClass(EvaluationReport report, ClassList classes) {
            return IntStream.range(0, classes.size())
                    .mapToObj(position -> {
                        Accuracy accuracy = Accuracy.of(report.byClass().stream()
                                .map(each -> each.get(position))
                                .toList());
                        String name = classes.names().get(position);
                        return new ClassAccuracy(
                                name.isEmpty() ? classes.indices().get(position).toString() : name,
                                accuracy.mean(),
                                accuracy.std());
                    })
                    .filter(each -> !Double.isNaN(each.mean()))
                    .toList();
        }
    }

    /**
     * The size of a set relative to that of the real data.
     *
     * @param setBytes size of the stored images, coded if the file has pictures, and of the soft labels, if any
     * @param realBytes size of the real training images, at one byte per value
     * @param ratio {@code setBytes / realBytes}
     */
    public record StoredSize(long setBytes, long realBytes, double ratio) {

        public static StoredSize of(long setBytes, Dataset real) {
            long realBytes = (long) real.train().size() * real.shape().size();
            return new StoredSize(setBytes, realBytes, (double) setBytes / realBytes);
        }
    }

    /**
     * The cost of the run that made a set.
     *
     * @param seconds wall time
     * @param cores number of cores available to the run
     * @param coreSeconds {@code seconds * cores}, a rough measure of the energy used
     * @param resumed whether the run was resumed; if so, the cost covers only the time since the run was last resumed
     */
    public record Cost(double seconds, int cores, double coreSeconds, boolean resumed) {

        /** Reads the cost from the manifest next to a set; empty if the set is not in the folder of a run. */
        public static Optional<Cost> of(Path set) {
            return RunFolder.manifestOf(set).flatMap(manifest -> {
                JsonNode seconds = manifest.at("/totals/seconds");
                JsonNode cores = manifest.at("/machine/cores");
                return seconds.isNumber() && cores.isInt()
                        ? Optional.of(new Cost(
                                seconds.doubleValue(),
                                cores.intValue(),
                                seconds.doubleValue() * cores.intValue(),
                                manifest.has("resumed_from")))
                        : Optional.empty();
            });
        }
    }
}
