package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Computes 3x3 convolutions from padded copies of the planes, without rearranging channels. If the input or the output
 * has few channels, as in the first layer of a network, this method is several times faster than a general convolution,
 * which pads the channels to whole vectors.
 *
 * <p>A <em>tile</em> is one vector of columns in four rows of two output planes. Its sums stay in registers while all
 * input planes are added, and each loaded vector serves up to six of them.
 */
final class DirectConvolution {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int KERNEL = Kernels.KERNEL;
    private static final int TAPS = KERNEL * KERNEL;

    private static final int TILE_PLANES = 2;
    private static final int TILE_ROWS = 4;

    /** If both input and output have more channels than this, a general convolution is faster. */
    private static final int FEW = 4;

    private final Tensor x;
    private final Tensor y;
    private final int padding;
    private final int in;
    private final int out;
    private final int height;
    private final int width;
    /** Length of a row with its border. */
    private final int stride;
    /** Length of a plane with its border, and with what a tile reads beyond it. */
    private final int planeLength;

    private final float[] source;
    private final float[] weights;

    private DirectConvolution(Tensor x, Tensor w, int padding, Tensor y) {
        this.x = x;
        this.y = y;
        this.padding = padding;
        this.in = x.dimension(1);
        this.out = y.dimension(1);
        this.height = y.dimension(2);
        this.width = y.dimension(3);
        this.stride = width + KERNEL - 1;
        this.planeLength = stride * (Math.max(height, TILE_ROWS) + KERNEL - 1) + LANES;
        this.source = ThreadBuffers.ofThread().atLeast(Purpose.PADDED_PLANES, in * planeLength);
        this.weights = new float[Math.ceilDiv(out, TILE_PLANES) * TILE_PLANES * in * TAPS];
        MemorySegment.copy(memory(w), ValueLayout.JAVA_FLOAT, 0, weights, 0, out * in * TAPS);
    }

    /** Whether this implementation is faster than a general convolution for the given numbers of channels. */
    static boolean suits(int in, int out) {
        return Math.min(in, out) <= FEW;
    }

    /** See {@link Kernels#convolve}. */
    static void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        new DirectConvolution(x, w, padding, y).convolve();
    }

    /** The last tile of a row or column begins earlier, so that it does not reach beyond the plane. */
    private void convolve() {
        for (int image = 0; image < x.dimension(0); image++) {
            for (int i = 0; i < in; i++) {
                pad(image * in + i, i * planeLength);
            }
            for (int o = 0; o < out; o += TILE_PLANES) {
                for (int row = 0; row < height; row += TILE_ROWS) {
                    for (int column = 0; column < width; column += LANES) {
                        tile(image, o, Math.clamp(height - TILE_ROWS, 0, row), Math.clamp(width - LANES, 0, column));
                    }
                }
            }
        }
    }

    private void tile(int image, int o, int row, int column) {
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector a3 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        FloatVector b3 = a0;
        for (int i = 0; i < in; i++) {
            for (int shift = 0; shift < KERNEL; shift++) {
                int weight = (o * in + i) * TAPS + shift;
                int at = i * planeLength + row * stride + column + shift;
                FloatVector upperA = FloatVector.broadcast(SPECIES, weights[weight]);
                FloatVector middleA = FloatVector.broadcast(SPECIES, weights[weight + KERNEL]);
                FloatVector lowerA = FloatVector.broadcast(SPECIES, weights[weight + 2 * KERNEL]);
                weight += in * TAPS;
                FloatVector upperB = FloatVector.broadcast(SPECIES, weights[weight]);
                FloatVector middleB = FloatVector.broadcast(SPECIES, weights[weight + KERNEL]);
                FloatVector lowerB = FloatVector.broadcast(SPECIES, weights[weight + 2 * KERNEL]);
                FloatVector values = FloatVector.fromArray(SPECIES, source, at);
                a0 = values.fma(upperA, a0);
                b0 = values.fma(upperB, b0);
                values = FloatVector.fromArray(SPECIES, source, at + stride);
                a0 = values.fma(middleA, a0);
                b0 = values.fma(middleB, b0);
                a1 = values.fma(upperA, a1);
                b1 = values.fma(upperB, b1);
                values = FloatVector.fromArray(SPECIES, source, at + 2 * stride);
                a0 = values.fma(lowerA, a0);
                b0 = values.fma(lowerB, b0);
                a1 = values.fma(middleA, a1);
                b1 = values.fma(middleB, b1);
                a2 = values.fma(upperA, a2);
                b2 = values.fma(upperB, b2);
                values = FloatVector.fromArray(SPECIES, source, at + 3 * stride);
                a1 = values.fma(lowerA, a1);
                b1 = values.fma(lowerB, b1);
                a2 = values.fma(middleA, a2);
                b2 = values.fma(middleB, b2);
                a3 = values.fma(upperA, a3);
                b3 = values.fma(upperB, b3);
                values = FloatVector.fromArray(SPECIES, source, at + 4 * stride);
                a2 = values.fma(lowerA, a2);
                b2 = values.fma(lowerB, b2);
                a3 = values.fma(middleA, a3);
                b3 = values.fma(middleB, b3);
                values = FloatVector.fromArray(SPECIES, source, at + 5 * stride);
                a3 = values.fma(lowerA, a3);
                b3 = values.fma(lowerB, b3);
            }
        }
        long plane = ((long) image * out + o) * height;
        store(a0, plane, row, column);
        store(a1, plane, row + 1, column);
        store(a2, plane, row + 2, column);
        store(a3, plane, row + 3, column);
        if (o + 1 < out) {
            store(b0, plane + height, row, column);
            store(b1, plane + height, row + 1, column);
            store(b2, plane + height, row + 2, column);
            store(b3, plane + height, row + 3, column);
        }
    }

    private void store(FloatVector sum, long plane, int row, int column) {
        long to = ((plane + row) * width + column) * Float.BYTES;
        if (width >= LANES && row < height) {
            sum.intoMemorySegment(memory(y), to, ORDER);
        } else if (row < height) {
            sum.intoMemorySegment(memory(y), to, ORDER, SPECIES.indexInRange(column, width));
        }
    }

    /**
     * Copies plane {@code index} of x to {@code to} and surrounds the copy with zeros; a negative padding crops the
     * plane instead.
     */
    private void pad(int index, int to) {
        int sourceHeight = x.dimension(2);
        int sourceWidth = x.dimension(3);
        Arrays.fill(source, to, to + planeLength, 0);
        int crop = Math.max(-padding, 0);
        int border = Math.max(padding, 0);
        long from = (long) index * sourceHeight * sourceWidth;
        for (int row = crop; row < sourceHeight - crop; row++) {
            MemorySegment.copy(
                    memory(x),
                    ValueLayout.JAVA_FLOAT,
                    (from + (long) row * sourceWidth + crop) * Float.BYTES,
                    source,
                    to + (row - crop + border) * stride + border,
                    sourceWidth - 2 * crop);
        }
    }
}
