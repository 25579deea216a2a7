package dev.reverie.lab.continual;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.random.MersenneTwister;

/** Reproduces NumPy's {@code RandomState(seed).permutation(n)}, with which the published programs order the classes. */
final class NumpyPermutation {

    /** The largest seed: half of NumPy's range, because Commons Math sign-extends larger seeds. */
    static final long MAX_SEED = Integer.MAX_VALUE;

    private NumpyPermutation() {}

    /** Returns the integers from 0 to {@code count - 1} in an order that the seed determines. */
    static List<Integer> of(int count, long seed) {
        if (seed < 0 || seed > MAX_SEED) {
            throw new IllegalArgumentException(
                    "a seed for the order of classes must be from 0 to " + MAX_SEED + ", not " + seed);
        }
        MersenneTwister random = new MersenneTwister((int) seed);
        List<Integer> order = new ArrayList<>(IntStream.range(0, count).boxed().toList());
        for (int last = count - 1; last > 0; last--) {
            Collections.swap(order, last, uniformUpTo(last, random));
        }
        return List.copyOf(order);
    }

    /**
     * Draws a number with as many random bits as {@code largest} has, and repeats the draw while the number is too
     * large.
     */
    private static int uniformUpTo(int largest, MersenneTwister random) {
        int mask = 2 * Integer.highestOneBit(largest) - 1;
        int drawn = random.nextInt() & mask;
        while (drawn > largest) {
            drawn = random.nextInt() & mask;
        }
        return drawn;
    }
}
