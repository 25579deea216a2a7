package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Computes Gram matrices of the planes of samples. A Gram matrix is symmetric, so this takes half as many operations as
 * a product of matrices. Four rows and two columns are computed at a time: their eight sums stay in registers, and each
 * value that is loaded takes part in two or four of them.
 */
final class PlaneGram {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int ROWS = 4;
    private static final int COLUMNS = 2;

    private final int channels;
    private final int pixels;

    /** Length of a plane in {@link #planes}; the rest of a plane is zero. */
    private final int length;

    /** The planes of one sample, followed by planes of zeros up to a multiple of {@link #ROWS}. */
    private final float[] planes;

    private final double[] sums;

    private final float[] tile = new float[ROWS * COLUMNS];

    private PlaneGram(Tensor z) {
        this.channels = z.dimension(1);
        this.pixels = z.dimension(2) * z.dimension(3);
        this.length = Math.ceilDiv(pixels, LANES) * LANES;
        int size = Math.ceilDiv(channels, ROWS) * ROWS * length;
        this.planes = ThreadBuffers.ofThread().atLeast(Purpose.GRAM_PLANES, size);
        this.sums = new double[channels * channels];
        Arrays.fill(planes, 0, size, 0);
    }

    /** See {@link Kernels#gram}. */
    static void gram(Tensor z, double[] weights, Tensor gram) {
        PlaneGram planes = new PlaneGram(z);
        for (int sample = 0; sample < weights.length; sample++) {
            planes.load(z, sample);
            planes.add(weights[sample]);
        }
        gram.write(0, planes.sums);
    }

    private void load(Tensor z, int sample) {
        for (int channel = 0; channel < channels; channel++) {
            long from = ((long) sample * channels + channel) * pixels * Float.BYTES;
            MemorySegment.copy(memory(z), ValueLayout.JAVA_FLOAT, from, planes, channel * length, pixels);
        }
    }

    private void add(double weight) {
        for (int row = 0; row < channels; row += ROWS) {
            for (int column = 0; column < row + ROWS; column += COLUMNS) {
                multiply(row * length, column * length);
                add(row, column, weight);
            }
        }
    }

    /** Adds the tile to both halves of the matrix. */
    private void add(int firstRow, int firstColumn, double weight) {
        for (int i = 0; i < tile.length; i++) {
            int row = firstRow + i / COLUMNS;
            int column = firstColumn + i % COLUMNS;
            if (column < row && row < channels) {
                sums[row * channels + column] += weight * tile[i];
                sums[column * channels + row] += weight * tile[i];
            } else if (column == row && row < channels) {
                sums[row * channels + row] += weight * tile[i];
            }
        }
    }

    /** Computes the inner products of four planes, from {@code left} on, and of two planes, from {@code right} on. */
    private void multiply(int left, int right) {
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        for (int i = 0; i < length; i += LANES) {
            FloatVector y0 = FloatVector.fromArray(SPECIES, planes, right + i);
            FloatVector y1 = FloatVector.fromArray(SPECIES, planes, right + length + i);
            FloatVector x0 = FloatVector.fromArray(SPECIES, planes, left + i);
            FloatVector x1 = FloatVector.fromArray(SPECIES, planes, left + length + i);
            FloatVector x2 = FloatVector.fromArray(SPECIES, planes, left + 2 * length + i);
            FloatVector x3 = FloatVector.fromArray(SPECIES, planes, left + 3 * length + i);
            s00 = x0.fma(y0, s00);
            s01 = x0.fma(y1, s01);
            s10 = x1.fma(y0, s10);
            s11 = x1.fma(y1, s11);
            s20 = x2.fma(y0, s20);
            s21 = x2.fma(y1, s21);
            s30 = x3.fma(y0, s30);
            s31 = x3.fma(y1, s31);
        }
        tile[0] = VectorLaneSum.of(s00);
        tile[1] = VectorLaneSum.of(s01);
        tile[2] = VectorLaneSum.of(s10);
        tile[3] = VectorLaneSum.of(s11);
        tile[4] = VectorLaneSum.of(s20);
        tile[5] = VectorLaneSum.of(s21);
        tile[6] = VectorLaneSum.of(s30);
        tile[7] = VectorLaneSum.of(s31);
    }
}
