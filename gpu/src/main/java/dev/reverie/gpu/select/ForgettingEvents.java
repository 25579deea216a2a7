package dev.reverie.gpu.select;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Counts how often a network in training forgets each image, that is, misclassifies it after having classified it
 * correctly (Toneva et al., 2019). In that paper, an image that was never classified correctly counts as forgotten
 * infinitely often. After hundreds of epochs, this rule singles out the hardest images, but after one or two epochs it
 * singles out mislabelled images. Here, an image that was never classified correctly therefore counts as never
 * forgotten. Not thread safe.
 */
public final class ForgettingEvents {

    private final boolean[] right;
    private final int[] events;

    /** Starts counting for the given number of images. */
    public ForgettingEvents(int images) {
        right = new boolean[images];
        events = new int[images];
    }

    /** Records whether the network now classifies each image, by its index, correctly. */
    public void record(IntPredicate isRight) {
        for (int image = 0; image < right.length; image++) {
            boolean now = isRight.test(image);
            events[image] += right[image] && !now ? 1 : 0;
            right[image] = now;
        }
    }

    /**
     * Returns the indices of the {@code count} images forgotten most often, or of all images if there are fewer. The
     * first image wins ties.
     */
    public List<Integer> mostForgotten(int count) {
        return IntStream.range(0, events.length)
                .boxed()
                .sorted(Comparator.comparing(image -> -events[image]))
                .limit(count)
                .toList();
    }
}
