package dev.reverie.gpu.select;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * Counts how often a network in training forgets each image, that is, misclassifies it after having classified it
 * correctly (Toneva et al., 2019). In that paper, an image that was never classified correctly counts as forgotten
 * infinitely often, which after hundreds of epochs singles out the hardest images, but after one or two epochs the
 * mislabelled ones; here it counts as never forgotten. Not thread safe.
 */
public final class ForgettingEvents {

    private final boolean[] right;
    private final int[] events;

    /** Starts counting for some images. */
    public ForgettingEvents(int images) {
        right = new boolean[images];
        events = new int[images];
    }

    /**
     * Records one observation of all images.
     *
     * @param isRight whether the network now classifies an image correctly
     */
    public void observe(IntPredicate isRight) {
        for (int image = 0; image < right.length; image++) {
            boolean now = isRight.test(image);
            events[image] += right[image] && !now ? 1 : 0;
            right[image] = now;
        }
    }

    /** Returns the most forgotten images, the first ones on ties; at most all of them. */
    public List<Integer> mostForgotten(int count) {
        return IntStream.range(0, events.length)
                .boxed()
                .sorted(Comparator.comparing(image -> -events[image]))
                .limit(count)
                .toList();
    }
}
