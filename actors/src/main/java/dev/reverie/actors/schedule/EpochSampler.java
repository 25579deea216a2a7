package dev.reverie.actors.schedule;

import dev.reverie.gpu.method.Seeds;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The endless order in which the matching network sees real images of all classes: every image once an epoch, each
 * epoch shuffled anew. The order is a function of the seed, the class sizes and the cursor alone. Not thread safe.
 */
public final class EpochSampler implements TrainingSampler {

    private final long seed;
    private final NavigableMap<Integer, Integer> labelByFirst = new TreeMap<>();
    private final int total;
    private Cursor cursor;
    private int[] permutation;

    /**
     * The order from a cursor on.
     *
     * @param sizes number of images of each class, not all 0
     */
    public EpochSampler(long seed, List<Integer> sizes, Cursor cursor) {
        this.seed = seed;
        int first = 0;
        for (int label = 0; label < sizes.size(); label++) {
            labelByFirst.put(first, label); // in place of an empty class before it, if there is one
            first += sizes.get(label);
        }
        this.total = first;
        if (cursor.offset() > total) {
            throw new IllegalArgumentException("want an offset up to " + total + ", got " + cursor.offset());
        }
        this.cursor = cursor;
        this.permutation = permutation(cursor.epoch());
    }

    /**
     * How far a run has read.
     *
     * @param epoch from 0
     * @param offset images read in this epoch
     */
    public record Cursor(long epoch, int offset) {

        public static final Cursor START = new Cursor(0, 0);

        public Cursor {
            if (epoch < 0 || offset < 0) {
                throw new IllegalArgumentException("want a cursor from 0 on, got " + epoch + ", " + offset);
            }
        }

        /** Where to go on when the images are no longer the same: at the next epoch. */
        public Cursor afterChange() {
            return new Cursor(epoch + 1, 0);
        }
    }

    /** Number of images in an epoch. */
    public int total() {
        return total;
    }

    public Cursor cursor() {
        return cursor;
    }

    /** Across the end of an epoch where need be. */
    @Override
    public List<Place> take(int count) {
        List<Place> places = new ArrayList<>(count);
        while (places.size() < count) {
            if (cursor.offset() == total) {
                cursor = new Cursor(cursor.epoch() + 1, 0);
                permutation = permutation(cursor.epoch());
            }
            places.add(placeOf(permutation[cursor.offset()]));
            cursor = new Cursor(cursor.epoch(), cursor.offset() + 1);
        }
        return places;
    }

    private Place placeOf(int number) {
        Map.Entry<Integer, Integer> labelled = labelByFirst.floorEntry(number);
        return new Place(labelled.getValue(), number - labelled.getKey());
    }

    /** Fisher and Yates. */
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
