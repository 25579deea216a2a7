package dev.reverie.gpu.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Average pooling of planes of one size, 2x2 with stride 2, and its adjoint. An odd last row or column is dropped. */
final class Pool {

    private static final float QUARTER = 0.25f;

    private final int height;
    private final int width;
    private final int rows;
    private final int columns;

    Pool(int height, int width) {
        this.height = height;
        this.width = width;
        this.rows = height / 2;
        this.columns = width / 2;
    }

    /** Writes the averages of {@code plane} as plane {@code index} of {@code pooled}. */
    void average(float[] plane, MemorySegment pooled, int index) {
        long to = (long) index * rows * columns * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int upper = 2 * row * width;
            int lower = upper + width;
            for (int column = 0; column < columns; column++, to += Float.BYTES) {
                int x = 2 * column;
                float sum = plane[upper + x] + plane[upper + x + 1] + (plane[lower + x] + plane[lower + x + 1]);
                pooled.set(ValueLayout.JAVA_FLOAT, to, QUARTER * sum);
            }
        }
    }

    /** The adjoint: shares each value of plane {@code index} among the four pixels it came from. */
    void spread(MemorySegment pooled, int index, float[] plane) {
        long from = (long) index * rows * columns * Float.BYTES;
        for (int row = 0; row < rows; row++) {
            int upper = 2 * row * width;
            int lower = upper + width;
            for (int column = 0; column < columns; column++, from += Float.BYTES) {
                float share = QUARTER * pooled.get(ValueLayout.JAVA_FLOAT, from);
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
        if (height > 2 * rows) {
            java.util.Arrays.fill(plane, 2 * rows * width, height * width, 0);
        }
    }
}
