package dev.reverie.gpu.select;

import dev.reverie.gpu.method.Seeds;
import dev.reverie.gpu.method.Seeds.Purpose;

/**
 * Decides which batch of real images each class step is matched with, if several steps use the same: under the same
 * network and augmentation, its mean features need not be computed again. New batches come often at first, so that the
 * first steps do not all use one, and then every {@code uses} steps; any other step draws one of the latest batches.
 *
 * <p>The result is a pure function of the number of the step, so a resumed run needs no other state.
 *
 * @param uses mean number of steps that use a batch, at least 1; with 1, each step has a batch of its own
 * @param kept number of latest batches that are drawn from, at least 1
 */
public record TargetSchedule(int uses, int kept) {

    /** Number of batches that are drawn from by all classes together, unless there are more classes. */
    public static final int KEPT_BY_ALL = 8192;

    private static final int KEPT_BY_CLASS = 16;

    /** Steps are counted in blocks of two to the power of this. */
    private static final int BLOCK_BITS = 24;

    /** Returns the schedule of one of several classes. */
    public static TargetSchedule of(int uses, int classes) {
        return new TargetSchedule(uses, Math.clamp(KEPT_BY_ALL / classes, 1, KEPT_BY_CLASS));
    }

    /** Returns the number of the batch of a step, at most that of the step. */
    public long batch(long step, long seed) {
        if (uses == 1) {
            return step;
        }
        long block = step >>> BLOCK_BITS << BLOCK_BITS;
        long place = step - block;
        long newest = newest(place);
        if (place == 0 || newest > newest(place - 1)) {
            return block + newest;
        }
        long choice = Math.min(newest + 1, kept);
        return block
                + newest
                - Seeds.generator(Seeds.of(seed, Purpose.TARGET, step)).nextLong(choice);
    }

    /** The newest batch at a step of a block: batches 0, 1, 2, ... come at steps 0, 1, 2, 4, 8, ..., then evenly. */
    private long newest(long place) {
        return place < uses
                ? Long.SIZE - Long.numberOfLeadingZeros(place)
                : Long.SIZE - Long.numberOfLeadingZeros(uses - 1) + place / uses;
    }

    /** Returns the first number, at least {@code step}, for a step that uses no batch of an earlier one. */
    public static long renewed(int uses, long step) {
        return uses == 1 ? step : Math.ceilDiv(step, 1L << BLOCK_BITS) << BLOCK_BITS;
    }
}
