package dev.reverie.actors.evaluation;

import dev.reverie.gpu.dataset.DistilledSet;
import java.time.Duration;

/**
 * Determines when the memory is evaluated, on how many images, and at what cost.
 *
 * @param interval minimum time between copying the memory for one evaluation and copying it for the next
 * @param minImages minimum number of test images
 * @param maxImages maximum number of test images
 * @param maxBytes maximum total size of the copied memory and the test images, in bytes
 * @param share share of one core's time that the training may use, in (0, 1]
 * @param trainer trains and tests the evaluation network
 */
public record EvaluationPolicy(
        Duration interval,
        int minImages,
        int maxImages,
        long maxBytes,
        double share,
        EvaluationNetworkTrainer trainer) {

    private static final int WINDOWS_PER_INTERVAL = 10;

    public EvaluationPolicy {
        if (!interval.isPositive() || minImages < 1 || maxImages < minImages || !(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "an evaluation needs a positive interval, at least 1 image and a share in (0, 1], got " + interval
                            + ", " + minImages + " to " + maxImages + " images and " + share);
        }
    }

    /**
     * Minimum time for which images are collected: a tenth of the interval, so that they do not all come from one
     * delivery.
     */
    Duration window() {
        return interval.dividedBy(WINDOWS_PER_INTERVAL);
    }

    /** The number of test images that fit next to the given memory; 0 or less if not even one fits. */
    long capacity(DistilledSet memory) {
        long copied = memory.images().bytes() + memory.parameters().bytes();
        return Math.min(maxImages, (maxBytes - copied) / memory.images().shape().size());
    }
}
