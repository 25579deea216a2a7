package dev.reverie.actors.evaluation;

import dev.reverie.gpu.dataset.DistilledSet;
import java.time.Duration;

/**
 * When the memory is evaluated, on how much, and what that may take.
 *
 * @param interval from one memory to the next, at least
 * @param minImages to test it on
 * @param maxImages of which a test is made
 * @param maxBytes of the memory and of those images
 * @param share of the time of one core for the learner, in (0, 1]
 */
public record EvaluationPolicy(
        Duration interval,
        int minImages,
        int maxImages,
        long maxBytes,
        double share,
        EvaluationNetworkTrainer learner) {

    private static final int WINDOWS = 10;

    public EvaluationPolicy {
        if (!interval.isPositive() || minImages < 1 || maxImages < minImages || !(share > 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    "an evaluation has an interval, at least one image, and a share in (0, 1]," + " got " + interval
                            + ", " + minImages + " to " + maxImages + " images and " + share);
        }
    }

    /** For which images are collected, at least: a tenth of the interval, so that one delivery is not all there is. */
    Duration window() {
        return interval.dividedBy(WINDOWS);
    }

    /** Images that there is room for beside a memory; may be negative. */
    long room(DistilledSet memory) {
        long values = memory.images().count() + (long) memory.parameters().count();
        int size = memory.images().shape().size();
        return Math.min(maxImages, (maxBytes - values * size * Float.BYTES) / size);
    }
}
