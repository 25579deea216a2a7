package dev.reverie.gpu.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/** Average pooling of planes of one size, 2x2 with stride 2, and its adjoint. An odd last row or column is dropped. */
final class Pool {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(SPECIES, 0);
    private static final VectorShuffle<Float> ODD = VectorShuffle.makeUnzip(SPECIES, 1);
    private static final VectorShuffle<Float> LOWER_TWICE = VectorShuffle.fromOp(SPECIES, lane -> lane / 2);
    private static final VectorShuffle<Float> UPPER_TWICE =
            VectorShuffle.fromOp(SPECIES, lane -> SPECIES.length() / 2 + lane / 2);
    private static final float QUARTER = 0.25f;

    private final int height;
    private final int width;
    private final int rows;
    private final int columns;
    private final boolean wholeVectors;

    Pool(int height, int width) {
        this.height = height;
        this.width = width;
        this.rows = height / 2;
        this.columns = width / 2;
        this.wholeVectors = width % (2 * LANES) == 0;
    }

    /** Writes the averages of {@code plane} as plane {@code index} of {@code pooled}. */
    void average(float[] plane, MemorySegment pooled, int index) {
        long to = (long) index * rows * columns * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int upper = 2 * row * width;
            if (wholeVectors) {
                averageVectors(plane, upper, pooled, to);
            } else {
                averageScalars(plane, upper, pooled, to);
            }
            to += (long) columns * Float.BYTES;
        }
    }

    private void averageVectors(float[] plane, int upper, MemorySegment pooled, long to) {
        int lower = upper + width;
        for (int x = 0; x < width; x += 2 * LANES) {
            FloatVector left = FloatVector.fromArray(SPECIES, plane, upper + x)
                    .add(FloatVector.fromArray(SPECIES, plane, lower + x));
            FloatVector right = FloatVector.fromArray(SPECIES, plane, upper + x + LANES)
                    .add(FloatVector.fromArray(SPECIES, plane, lower + x + LANES));
            left.rearrange(EVEN, right)
                    .add(left.rearrange(ODD, right))
                    .mul(QUARTER)
                    .intoMemorySegment(pooled, to + (long) x / 2 * Float.BYTES, ORDER);
        }
    }

    private void averageScalars(float[] plane, int upper, MemorySegment pooled, long to) {
        int lower = upper + width;
        for (int column = 0; column < columns; column++) {
            int x = 2 * column;
            float sum = plane[upper + x] + plane[lower + x] + (plane[upper + x + 1] + plane[lower + x + 1]);
            pooled.set(ValueLayout.JAVA_FLOAT, to + (long) column * Float.BYTES, QUARTER * sum);
        }
    }

    /** The adjoint: shares each value of plane {@code index} among the four pixels it came from. */
    void spread(MemorySegment pooled, int index, float[] plane) {
        long from = (long) index * rows * columns * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int upper = 2 * row * width;
            if (wholeVectors) {
                spreadVectors(pooled, from, plane, upper);
            } else {
                spreadScalars(pooled, from, plane, upper);
            }
            from += (long) columns * Float.BYTES;
        }
        if (height > 2 * rows) {
            Arrays.fill(plane, 2 * rows * width, height * width, 0);
        }
    }

    private void spreadVectors(MemorySegment pooled, long from, float[] plane, int upper) {
        int lower = upper + width;
        for (int x = 0; x < width; x += 2 * LANES) {
            FloatVector share = FloatVector.fromMemorySegment(SPECIES, pooled, from + (long) x / 2 * Float.BYTES, ORDER)
                    .mul(QUARTER);
            FloatVector left = share.rearrange(LOWER_TWICE);
            FloatVector right = share.rearrange(UPPER_TWICE);
            left.intoArray(plane, upper + x);
            left.intoArray(plane, lower + x);
            right.intoArray(plane, upper + x + LANES);
            right.intoArray(plane, lower + x + LANES);
        }
    }

    private void spreadScalars(MemorySegment pooled, long from, float[] plane, int upper) {
        int lower = upper + width;
        for (int column = 0; column < columns; column++) {
            float share = QUARTER * pooled.get(ValueLayout.JAVA_FLOAT, from + (long) column * Float.BYTES);
            int x = 2 * column;
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
