package dev.reverie.gpu.tensor.vector;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * 2x2 average pooling with stride 2, for planes of one size, and the adjoint of this pooling. An odd last row or column
 * is dropped.
 *
 * <p>After the rows are added in pairs, neighbouring values remain to be added. A vector of results therefore adds the
 * even and the odd values of two consecutive vectors, regardless of where the rows end.
 */
final class AveragePooling {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(SPECIES, 0);
    private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(SPECIES, 1);
    private static final VectorShuffle<Float> LOWER_TWICE = VectorShuffle.fromOp(SPECIES, lane -> lane / 2);
    private static final VectorShuffle<Float> UPPER_TWICE = VectorShuffle.fromOp(SPECIES, lane -> LANES / 2 + lane / 2);
    private static final float QUARTER = 0.25f;

    private final int height;
    private final int width;
    private final int rows;
    private final int columns;
    private final boolean wholeVectors;

    AveragePooling(int height, int width) {
        this.height = height;
        this.width = width;
        this.rows = height / 2;
        this.columns = width / 2;
        this.wholeVectors = width % LANES == 0 && rows * width % (2 * LANES) == 0;
    }

    /** Writes the averages of {@code plane} as plane {@code index} of {@code pooled}. */
    void average(float[] plane, MemorySegment pooled, int index) {
        long to = (long) index * rows * columns * Float.BYTES;
        if (wholeVectors) {
            averageVectors(plane, pooled, to);
        } else {
            averageScalars(plane, pooled, to);
        }
    }

    private void averageVectors(float[] plane, MemorySegment pooled, long to) {
        int sums = rows * width;
        for (int i = 0; i < sums; i += 2 * LANES) {
            FloatVector left = rowPair(plane, i);
            FloatVector right = rowPair(plane, i + LANES);
            left.rearrange(EVEN, right)
                    .add(left.rearrange(ODD, right))
                    .mul(QUARTER)
                    .intoMemorySegment(pooled, to + (long) i / 2 * Float.BYTES, ORDER);
        }
    }

    /** Returns a vector of the sums of row pairs, starting at value {@code index} of these sums. */
    private FloatVector rowPair(float[] plane, int index) {
        int upper = upper(index);
        return FloatVector.fromArray(SPECIES, plane, upper).add(FloatVector.fromArray(SPECIES, plane, upper + width));
    }

    /** Returns the index, in the plane, of the upper summand of value {@code index} of the sums of row pairs. */
    private int upper(int index) {
        return index + index / width * width;
    }

    private void averageScalars(float[] plane, MemorySegment pooled, long to) {
        long at = to;
        for (int row = 0; row < rows; row++) {
            int upper = 2 * row * width;
            int lower = upper + width;
            for (int x = 0; x < 2 * columns; x += 2, at += Float.BYTES) {
                float sum = plane[upper + x] + plane[lower + x] + (plane[upper + x + 1] + plane[lower + x + 1]);
                pooled.set(ValueLayout.JAVA_FLOAT, at, QUARTER * sum);
            }
        }
    }

    /** Applies the adjoint: distributes each value of plane {@code index} equally among its four source pixels. */
    void spread(MemorySegment pooled, int index, float[] plane) {
        long from = (long) index * rows * columns * Float.BYTES;
        if (wholeVectors) {
            spreadVectors(pooled, from, plane);
        } else {
            spreadScalars(pooled, from, plane);
        }
        if (height > 2 * rows) {
            Arrays.fill(plane, 2 * rows * width, height * width, 0);
        }
    }

    private void spreadVectors(MemorySegment pooled, long from, float[] plane) {
        int sums = rows * width;
        for (int i = 0; i < sums; i += 2 * LANES) {
            FloatVector share = FloatVector.fromMemorySegment(SPECIES, pooled, from + (long) i / 2 * Float.BYTES, ORDER)
                    .mul(QUARTER);
            FloatVector left = share.rearrange(LOWER_TWICE);
            FloatVector right = share.rearrange(UPPER_TWICE);
            int first = upper(i);
            int second = upper(i + LANES);
            left.intoArray(plane, first);
            left.intoArray(plane, first + width);
            right.intoArray(plane, second);
            right.intoArray(plane, second + width);
        }
    }

    private void spreadScalars(MemorySegment pooled, long from, float[] plane) {
        long at = from;
        for (int row = 0; row < rows; row++) {
            int upper = 2 * row * width;
            int lower = upper + width;
            for (int x = 0; x < 2 * columns; x += 2, at += Float.BYTES) {
                float share = QUARTER * pooled.get(ValueLayout.JAVA_FLOAT, at);
                plane[upper + x] = share;
                plane[upper + x + 1] = share;
                plane[lower + x] = share;
                plane[lower + x + 1] = share;
            }
            if (width > 2 * columns) {
                plane[upper + width - 1] = 0;
                plane[lower + width - 1] = 0;
            }
        }
    }
}
