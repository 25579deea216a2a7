package dev.reverie.deploy.experiments.continual;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.MersenneTwister;

/**
 * What NumPy's {@code RandomState(seed).permutation(n)} gives, number by number: published orders of classes are drawn
 * by it.
 */
final class NumpyPermutation {

    /** NumPy has twice as many, but Commons Math extends the sign of what does not fit an int. */
    static final long LARGEST_SEED = Integer.MAX_VALUE;

    private NumpyPermutation() {}

    /**
     * The numbers below {@code count} in an order of the seed's.
     *
     * @param seed from 0 to {@link #LARGEST_SEED}
     */
    static List<Integer> of(int count, long seed) {
        if (seed < 0 || seed > LARGEST_SEED) {
            throw new IllegalArgumentException(
                    "a seed that draws an order of classes is a number from 0 to " + LARGEST_SEED + ", not " + seed);
        }
        MersenneTwister random = new MersenneTwister((int) seed);
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        for (int last = count - 1; last > 0; last--) {
            Collections.swap(order, last, upTo(last, random));
        }
        return List.copyOf(order);
    }

    /** As many low bits as the largest number has, drawn again while they are above it. */
    private static int upTo(int largest, MersenneTwister random) {
        int mask = 2 * Integer.highestOneBit(largest) - 1;
        int drawn = random.nextInt() & mask;
        while (drawn > largest) {
            drawn = random.nextInt() & mask;
        }
        return drawn;
    }
}
