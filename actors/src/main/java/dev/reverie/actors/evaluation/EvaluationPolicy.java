package dev.reverie.actors.evaluation;

import dev.reverie.gpu.dataset.DistilledSet;
import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import dev.reverie.gpu.evaluate.EvaluationReport;
import java.time.Duration;
import java.util.List;

/**
 * Determines when the memory is evaluated, on how many images, and at what cost.
 *
 * @param interval minimum time between two evaluations of the same classes, positive
 * @param testShare share of the images of each class that are set aside for testing, greater than 0 and at most 0.5
 * @param minImages number of test images that a class needs to be tested, at least 1
 * @param maxImages maximum number of test images of all classes together, at least 1
 * @param maxBytes maximum total size of the decoded images of the memory and the test images, in bytes, at least 1
 * @param coreShare share of one core's time that the training may use, in (0, 1]
 */
public record EvaluationPolicy(
        Duration interval,
        double testShare,
        int minImages,
        int maxImages,
        long maxBytes,
        double coreShare,
        Trainer trainer) {

    /** Trains an evaluation network on a memory and tests it on real images. */
    @FunctionalInterface
    public interface Trainer {

        /**
         * Trains a network on the memory alone and tests the network. Can take minutes.
         *
         * @param test real images of classes that the memory contains, at least one, labelled with the position of
         *     their class among the classes of the memory
         * @param progress called after each step and each epoch; an exception that it throws ends the training
         */
        EvaluationReport trainAndTest(DistilledSet memory, List<LabelledImage> test, EvaluationProgress progress);
    }

    private static final int WINDOWS_PER_INTERVAL = 20;

    public EvaluationPolicy {
        require(interval.isPositive(), "interval", interval, "positive");
        require(testShare > 0 && testShare <= 0.5, "testShare", testShare, "in (0, 0.5]");
        require(minImages >= 1, "minImages", minImages, "at least 1");
        require(maxImages >= 1, "maxImages", maxImages, "at least 1");
        require(maxBytes >= 1, "maxBytes", maxBytes, "at least 1");
        require(coreShare > 0 && coreShare <= 1, "coreShare", coreShare, "in (0, 1]");
    }

    private static void require(boolean isValid, String name, Object value, String range) {
        if (!isValid) {
            throw new IllegalArgumentException(name + " must be " + range + ", got " + value);
        }
    }

    /** Time after which the actor checks whether there are other classes: a twentieth of the interval. */
    Duration window() {
        return interval.dividedBy(WINDOWS_PER_INTERVAL);
    }

    /** The number of test images that fit next to the given memory; 0 or less if not even one fits. */
    long capacity(DistilledSet memory) {
        return Math.min(
                maxImages,
                (maxBytes - memory.images().bytes()) / memory.images().shape().size());
    }
}
