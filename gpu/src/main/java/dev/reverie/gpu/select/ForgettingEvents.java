package dev.reverie.gpu.select;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * How often a network in training forgets each of some images: gets it wrong after it had it right (Toneva et al.,
 * 2019). One that it never gets right counts as forgotten without end, as there. Not thread safe.
 */
public final class ForgettingEvents {

    private final boolean[] right;
    private final boolean[] everRight;
    private final int[] events;

    /** Of images that have not been looked at. */
    public ForgettingEvents(int images) {
        right = new boolean[images];
        everRight = new boolean[images];
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
            everRight[image] |= now;
            right[image] = now;
        }
    }

    /** The most forgotten ones, of equals the first; at most as many as there are. */
    public List<Integer> mostForgotten(int count) {
        double[] forgotten = IntStream.range(0, events.length)
                .mapToDouble(image -> everRight[image] ? events[image] : Double.POSITIVE_INFINITY)
                .toArray();
        return Arrays.stream(IntStream.range(0, forgotten.length).toArray())
                .boxed()
                .sorted(Comparator.comparingDouble(image -> -forgotten[image]))
                .limit(count)
                .toList();
    }
}
