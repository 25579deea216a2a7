package dev.reverie.gpu.select;

import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How often a network in training forgets each of some images: gets it wrong after it had it right (Toneva et al.,
 * 2019). One that it never got right was never forgotten; there it counts as forgotten without end, which after
 * hundreds of epochs singles out the hardest images, and after one or two the mislabelled ones. Not thread safe.
 */
public final class ForgettingEvents {

    private final boolean[] right;
    private final int[] events;

    /** Of images that have not been looked at. */
    public ForgettingEvents(int images) {
        right = new boolean[images];
        events = new int[images];
    }

    /**
     * Looks at all of them once more.
     *
     * @param isRight whether the network gets an image right now
     */
    public void observe(IntPredicate isRight) {
        for (int image = 0; image < right.length; image++) {
            boolean now = isRight.test(image);
            events[image] += right[image] && !now ? 1 : 0;
            right[image] = now;
        }
    }

    /** The most forgotten ones, of equals the first; at most as many as there are. */
    public List<Integer> mostForgotten(int count) {
        return IntStream.range(0, events.length)
                .boxed()
                .sorted(Comparator.comparing(image -> -events[image]))
                .limit(count)
                .toList();
    }
}
