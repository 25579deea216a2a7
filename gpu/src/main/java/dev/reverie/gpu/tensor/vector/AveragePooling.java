package dev.reverie.gpu.tensor.vector;

import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/**
 * 2x2 average pooling with stride 2, for planes of one size, and the adjoint of this pooling. An odd last row or column
 * is dropped.
 *
 * <p>The rows are added in pairs, so that neighbouring values remain to be added. A vector of results adds the even and
 * the odd values of two consecutive vectors, regardless of where the rows end. An instance serves one thread.
 */
final class AveragePooling {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(SPECIES, 0);
    private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(SPECIES, 1);
    private static final VectorShuffle<Float> LOWER_TWICE = VectorShuffle.fromOp(SPECIES, lane -> lane / 2);
    private static final VectorShuffle<Float> UPPER_TWICE = VectorShuffle.fromOp(SPECIES, lane -> LANES / 2 + lane / 2);
    private static final float QUARTER = 0.25f;

    private final int height;
    private final int width;
    private final int rows;
    /** Columns that are not dropped. */
    private final int evenWidth;
    /** Number of values of a pooled plane. */
    private final int count;

    private final boolean wholeVectors;

    /**
     * The rows of a plane in pairs, without a dropped column. Longer than that, because whole vectors are written, and
     * unused if a vector never reaches beyond its row.
     */
    private final float[] pairs;

    /** A pooled plane, and what whole vectors write beyond it. */
    private final float[] averages;

    AveragePooling(int height, int width) {
        this.height = height;
        this.width = width;
        this.rows = height / 2;
        this.evenWidth = width / 2 * 2;
        this.count = rows * evenWidth / 2;
        this.wholeVectors = width % LANES == 0 && count % LANES == 0;
        ThreadBuffers arrays = ThreadBuffers.ofThread();
        this.pairs = arrays.atLeast(Purpose.ROW_PAIRS, 2 * count + 2 * LANES);
        this.averages = arrays.atLeast(Purpose.AVERAGES, count + LANES);
    }

    /** Writes the averages of {@code plane} as plane {@code index} of {@code pooled}. */
    void average(float[] plane, MemorySegment pooled, int index) {
        if (!wholeVectors) {
            addRows(plane);
        }
        for (int i = 0; i < count; i += LANES) {
            FloatVector left = wholeVectors ? rowPair(plane, 2 * i) : FloatVector.fromArray(SPECIES, pairs, 2 * i);
            FloatVector right =
                    wholeVectors ? rowPair(plane, 2 * i + LANES) : FloatVector.fromArray(SPECIES, pairs, 2 * i + LANES);
            left.rearrange(EVEN, right)
                    .add(left.rearrange(ODD, right))
                    .mul(QUARTER)
                    .intoArray(averages, i);
        }
        MemorySegment.copy(averages, 0, pooled, ValueLayout.JAVA_FLOAT, offset(index), count);
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

    /** Adds the rows in pairs. What a vector writes beyond its row, the next row overwrites. */
    private void addRows(float[] plane) {
        for (int row = 0; row < rows; row++) {
            int upper = 2 * row * width;
            int lower = upper + width;
            for (int x = 0; x < evenWidth; x += LANES) {
                values(plane, upper + x).add(values(plane, lower + x)).intoArray(pairs, row * evenWidth + x);
            }
        }
    }

    private static FloatVector values(float[] plane, int index) {
        return index + LANES <= plane.length
                ? FloatVector.fromArray(SPECIES, plane, index)
                : FloatVector.fromArray(SPECIES, plane, index, SPECIES.indexInRange(index, plane.length));
    }

    /** Applies the adjoint: distributes each value of plane {@code index} equally among its four source pixels. */
    void spread(MemorySegment pooled, int index, float[] plane) {
        MemorySegment.copy(pooled, ValueLayout.JAVA_FLOAT, offset(index), averages, 0, count);
        for (int i = 0; i < count; i += LANES) {
            FloatVector share = FloatVector.fromArray(SPECIES, averages, i).mul(QUARTER);
            share.rearrange(LOWER_TWICE).intoArray(pairs, 2 * i);
            share.rearrange(UPPER_TWICE).intoArray(pairs, 2 * i + LANES);
        }
        for (int row = 0; row < 2 * rows; row++) {
            copyRow(row / 2 * evenWidth, plane, row * width);
        }
        if (height > 2 * rows) {
            Arrays.fill(plane, 2 * rows * width, height * width, 0);
        }
    }

    /**
     * Copies a row of the pairs to a row of a plane, and fills a dropped column with zeros. What whole vectors write
     * beyond the row, the rows below overwrite.
     */
    private void copyRow(int from, float[] plane, int to) {
        int end = to + Math.ceilDiv(evenWidth, LANES) * LANES;
        if (end <= 2 * rows * width) {
            for (int x = 0; x < evenWidth; x += LANES) {
                FloatVector.fromArray(SPECIES, pairs, from + x).intoArray(plane, to + x);
            }
        } else {
            System.arraycopy(pairs, from, plane, to, evenWidth);
        }
        if (width > evenWidth) {
            plane[to + evenWidth] = 0;
        }
    }

    private long offset(int index) {
        return (long) index * count * Float.BYTES;
    }
}
