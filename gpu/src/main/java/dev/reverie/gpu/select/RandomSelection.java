package dev.reverie.gpu.select;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Makes uniform random choices without replacement; each choice is a pure function of the arguments. */
public final class RandomSelection {

    private RandomSelection() {}

    /**
     * Chooses {@code count} different indices below {@code candidates}, in random order.
     *
     * @throws IllegalArgumentException if {@code count} is negative or larger than {@code candidates}
     */
    public static List<Integer> of(int candidates, int count, long seed) {
        if (count < 0 || count > candidates) {
            throw new IllegalArgumentException(
                    "cannot choose " + count + " of " + candidates + " images; request 0 to " + candidates);
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
     * Returns batch {@code number}, counted from 0, of an endless sequence of mini-batches (the real batches of IDC).
     * Within an epoch of {@code candidates / size} batches, no index occurs twice; the remaining indices are dropped,
     * and the next epoch is shuffled again. If there are fewer than {@code size} candidates, every batch contains all
     * of them. Each call repeats the shuffle of its epoch, so no state is needed between calls.
     */
    public static List<Integer> batch(int candidates, int size, long number, long seed) {
        requireBatch(size, number);
        int batch = Math.min(size, candidates);
        if (batch == 0) {
            return List.of();
        }
        int perEpoch = candidates / batch;
        int start = (int) (number % perEpoch) * batch;
        return of(candidates, start + batch, seed + number / perEpoch).subList(start, start + batch);
    }

    /** Throws an {@link IllegalArgumentException} if a batch has no image or a negative number. */
    static void requireBatch(int size, long number) {
        if (size < 1 || number < 0) {
            throw new IllegalArgumentException(
                    "a batch needs at least 1 image and a number of at least 0, got a size of " + size + " and number "
                            + number);
        }
    }
}
