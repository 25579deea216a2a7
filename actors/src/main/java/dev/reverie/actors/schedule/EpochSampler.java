package dev.reverie.actors.schedule;

import dev.reverie.actors.schedule.TrainingSampler.ImageIndex;
import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * Draws training images in epochs: each epoch contains every image of every class once, in a new random order. The
 * order depends only on the seed, the class sizes and the cursor. Not thread safe.
 */
public final class EpochSampler implements TrainingSampler {

    private final long seed;
    private final NavigableMap<Integer, Integer> outputByFirst = new TreeMap<>();
    private final int total;
    private Cursor cursor;
    private int[] permutation;

    /**
     * Creates a sampler that continues from a cursor.
     *
     * @param sizes number of images for each network output, not all 0
     */
    public EpochSampler(long seed, List<Integer> sizes, Cursor cursor) {
        this.seed = seed;
        int first = 0;
        for (int output = 0; output < sizes.size(); output++) {
            outputByFirst.put(first, output); // replaces the entry of an empty class before it
            first += sizes.get(output);
        }
        this.total = first;
        if (cursor.offset() > total) {
            throw new IllegalArgumentException(
                    "an offset must be at most " + total + ", the number of images, got " + cursor.offset());
        }
        this.cursor = cursor;
        this.permutation = permutation(cursor.epoch());
    }

    /**
     * The position of a sampler.
     *
     * @param epoch number of the epoch, from 0
     * @param offset number of images already sampled in this epoch
     */
    public record Cursor(long epoch, int offset) {

        public static final Cursor START = new Cursor(0, 0);

        public Cursor {
            if (epoch < 0 || offset < 0) {
                throw new IllegalArgumentException(
                        "epoch and offset must be at least 0, got " + epoch + " and " + offset);
            }
        }
    }

    /** Number of images per epoch. */
    public int total() {
        return total;
    }

    public Cursor cursor() {
        return cursor;
    }

    /** Samples the next images, across the end of an epoch if necessary. */
    @Override
    public List<ImageIndex> take(int count) {
        List<ImageIndex> indices = new ArrayList<>(count);
        while (indices.size() < count) {
            if (cursor.offset() == total) {
                cursor = new Cursor(cursor.epoch() + 1, 0);
                permutation = permutation(cursor.epoch());
            }
            indices.add(indexOf(permutation[cursor.offset()]));
            cursor = new Cursor(cursor.epoch(), cursor.offset() + 1);
        }
        return indices;
    }

    private ImageIndex indexOf(int number) {
        Map.Entry<Integer, Integer> entry = outputByFirst.floorEntry(number);
        return new ImageIndex(entry.getValue(), number - entry.getKey());
    }

    /** Fisher-Yates shuffle. */
    private int[] permutation(long epoch) {
        RandomGenerator random = Seeds.generator(Seeds.of(seed, Seeds.Purpose.SHUFFLE, epoch));
        int[] order = new int[total];
        for (int i = 0; i < total; i++) {
            int j = random.nextInt(i + 1);
            order[i] = order[j];
            order[j] = i;
        }
        return order;
    }
}
