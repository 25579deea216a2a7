package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Multiplies small matrices, such as the features of a micro-batch and the weight of a classifier, for which a call of
 * BLAS would cost more than the product. In the arrays, each row starts at a multiple of the vector length and is
 * padded with zeros.
 */
final class SmallProduct {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    private static final int LANES = SPECIES.length();

    /**
     * Number of multiplications from which BLAS is used: an estimate of the size at which its overhead becomes
     * negligible.
     */
    private static final long MANY = 524_288;

    private SmallProduct() {}

    /**
     * Whether this implementation is faster: the product needs few multiplications, and at most one of the matrices is
     * transposed.
     */
    static boolean suits(Factor a, Factor b) {
        return a.matrix().size() * b.columns() < MANY && !(a.isTransposed() && b.isTransposed());
    }

    /** See {@link Kernels#multiply}. */
    static void multiply(Factor a, Factor b, boolean accumulate, Tensor out) {
        ThreadBuffers arrays = ThreadBuffers.ofThread();
        float[] left = padded(a.matrix(), arrays, Purpose.LEFT_FACTOR);
        float[] right = padded(b.matrix(), arrays, Purpose.RIGHT_FACTOR);
        int leftStride = stride(a.matrix().dimension(1));
        int stride = stride(out.dimension(1));
        float[] result = arrays.atLeast(Purpose.PRODUCT, out.dimension(0) * stride);
        if (accumulate) {
            load(out, result, stride);
        } else {
            Arrays.fill(result, 0, out.dimension(0) * stride, 0);
        }
        if (b.isTransposed()) {
            addInnerProducts(left, right, leftStride, out, result);
        } else {
            int rowStep = a.isTransposed() ? 1 : leftStride;
            int termStep = a.isTransposed() ? leftStride : 1;
            for (int row = 0; row < out.dimension(0); row++) {
                for (int term = 0; term < b.rows(); term++) {
                    float factor = left[row * rowStep + term * termStep];
                    addMultiple(factor, right, term * stride, result, row * stride, stride);
                }
            }
        }
        store(result, stride, out);
    }

    /** Adds the inner products of the rows of {@code left} and {@code right} to {@code result}. */
    private static void addInnerProducts(float[] left, float[] right, int length, Tensor out, float[] result) {
        int stride = stride(out.dimension(1));
        for (int row = 0; row < out.dimension(0); row++) {
            for (int column = 0; column < out.dimension(1); column++) {
                result[row * stride + column] += product(left, row * length, right, column * length, length);
            }
        }
    }

    private static float product(float[] x, int xAt, float[] y, int yAt, int length) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int i = 0; i < length; i += LANES) {
            sum = FloatVector.fromArray(SPECIES, x, xAt + i).fma(FloatVector.fromArray(SPECIES, y, yAt + i), sum);
        }
        return VectorLaneSum.of(sum);
    }

    private static void addMultiple(float factor, float[] x, int xAt, float[] y, int yAt, int length) {
        for (int i = 0; i < length; i += LANES) {
            FloatVector.fromArray(SPECIES, x, xAt + i)
                    .fma(FloatVector.broadcast(SPECIES, factor), FloatVector.fromArray(SPECIES, y, yAt + i))
                    .intoArray(y, yAt + i);
        }
    }

    private static float[] padded(Tensor matrix, ThreadBuffers arrays, Purpose purpose) {
        int stride = stride(matrix.dimension(1));
        float[] array = arrays.atLeast(purpose, matrix.dimension(0) * stride);
        load(matrix, array, stride);
        return array;
    }

    private static void load(Tensor matrix, float[] array, int stride) {
        int columns = matrix.dimension(1);
        for (int row = 0; row < matrix.dimension(0); row++) {
            MemorySegment.copy(
                    memory(matrix),
                    ValueLayout.JAVA_FLOAT,
                    (long) row * columns * Float.BYTES,
                    array,
                    row * stride,
                    columns);
            Arrays.fill(array, row * stride + columns, (row + 1) * stride, 0);
        }
    }

    private static void store(float[] array, int stride, Tensor matrix) {
        int columns = matrix.dimension(1);
        for (int row = 0; row < matrix.dimension(0); row++) {
            long to = (long) row * columns * Float.BYTES;
            MemorySegment.copy(array, row * stride, memory(matrix), ValueLayout.JAVA_FLOAT, to, columns);
        }
    }

    private static int stride(int columns) {
        return Math.ceilDiv(columns, LANES) * LANES;
    }
}
