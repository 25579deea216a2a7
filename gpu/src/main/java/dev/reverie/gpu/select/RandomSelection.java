package dev.reverie.gpu.select;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Uniform choices without replacement, each a pure function of its arguments. */
public final class RandomSelection {

    private RandomSelection() {}

    /**
     * {@code count} different indices below {@code candidates}, in random order.
     *
     * @param seed of the random choice
     * @throws IllegalArgumentException if {@code count} is negative or larger than {@code candidates}
     */
    public static List<Integer> of(int candidates, int count, long seed) {
        if (count < 0 || count > candidates) {
            throw new IllegalArgumentException(
                    "cannot choose " + count + " of " + candidates + " images; ask for 0 to " + candidates);
        }
        SplittableRandom random = new SplittableRandom(seed);
        int[] order = new int[candidates];
        for (int i = 0; i < candidates; i++) {
            order[i] = i;
        }
        List<Integer> choice = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int j = random.nextInt(i, candidates);
            choice.add(order[j]);
            order[j] = order[i];
        }
        return List.copyOf(choice);
    }

    /**
     * Batch {@code number} of an endless sequence of mini-batches: within an epoch, that is {@code candidates / size}
     * batches, no index comes twice; what is left over at its end is dropped, and the next epoch shuffles anew (the
     * real batches of IDC). Where there are fewer candidates than a batch takes, every batch is all of them.
     *
     * <p>A batch is found by shuffling its whole epoch again, so nobody needs to keep the shuffle between two batches.
     *
     * @param size of a batch, at least 1
     * @param number of the batch, from 0
     * @param seed of the whole sequence
     * @throws IllegalArgumentException if {@code size} is below 1 or {@code number} negative
     */
    public static List<Integer> batch(int candidates, int size, long number, long seed) {
        if (size < 1 || number < 0) {
            throw new IllegalArgumentException("want a batch of at least 1 image and a number from 0 on, got a size of "
                    + size + " and number " + number);
        }
        int taken = Math.min(size, candidates);
        if (taken == 0) {
            return List.of();
        }
        int perEpoch = candidates / taken;
        int start = (int) (number % perEpoch) * taken;
        return of(candidates, start + taken, seed + number / perEpoch).subList(start, start + taken);
    }
}
