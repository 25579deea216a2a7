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
 * Computes the gradient of a 3x3 convolution with respect to its weights: the inner products of each plane of dy with
 * the nine shifts of each plane of x, for two planes of dy at a time. This method is fast if x has few channels, as in
 * the first layer of a network; with many channels, a general convolution reads each plane less often.
 */
final class PlaneCorrelation {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int TAPS = Kernels.KERNEL * Kernels.KERNEL;

    /** If x has more channels than this, a general convolution is faster. */
    private static final int FEW = 4;

    private final Tensor x;
    private final Tensor dy;
    private final int pixels;
    private final ShiftedPlanes planes;
    private final float[] pair;
    private final double[] gradient;

    private PlaneCorrelation(Tensor x, Tensor dy, int padding) {
        ThreadBuffers arrays = ThreadBuffers.ofThread();
        this.x = x;
        this.dy = dy;
        this.pixels = dy.dimension(2) * dy.dimension(3);
        this.planes = new ShiftedPlanes(x, padding, dy.dimension(2), dy.dimension(3), arrays);
        this.pair = arrays.atLeast(Purpose.PLANE_PAIR, 2 * planes.paddedLength());
        this.gradient = new double[(dy.dimension(1) + 1) * x.dimension(1) * TAPS];
    }

    /** Whether this implementation is faster than a general convolution for the given number of channels of x. */
    static boolean suits(int channels) {
        return channels <= FEW;
    }

    /** See {@link Kernels#weightGradient}. */
    static void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        new PlaneCorrelation(x, dy, padding).compute(dw);
    }

    private void compute(Tensor dw) {
        int in = x.dimension(1);
        int out = dy.dimension(1);
        Arrays.fill(pair, 0);
        for (int image = 0; image < x.dimension(0); image++) {
            planes.load(image);
            for (int o = 0; o < out; o += 2) {
                load(image * out + o, 0);
                if (o + 1 < out) {
                    load(image * out + o + 1, planes.paddedLength());
                }
                for (int i = 0; i < in; i++) {
                    correlate(i, (o * in + i) * TAPS, ((o + 1) * in + i) * TAPS);
                }
            }
        }
        dw.write(0, Arrays.copyOf(gradient, out * in * TAPS));
    }

    private void load(int plane, int at) {
        MemorySegment.copy(memory(dy), ValueLayout.JAVA_FLOAT, (long) plane * pixels * Float.BYTES, pair, at, pixels);
    }

    /**
     * Adds the inner products of the two planes with the nine shifts of a channel of x to the gradient, from positions
     * {@code first} and {@code second} on.
     */
    private void correlate(int channel, int first, int second) {
        for (int row = 0; row < Kernels.KERNEL; row++) {
            int to = row * Kernels.KERNEL;
            correlateRow(channel, row, first + to, second + to);
        }
    }

    private void correlateRow(int channel, int row, int first, int second) {
        float[] shifted = planes.values();
        int length = planes.paddedLength();
        int left = planes.start(channel, row, 0);
        int middle = planes.start(channel, row, 1);
        int right = planes.start(channel, row, 2);
        FloatVector a0 = FloatVector.zero(SPECIES);
        FloatVector a1 = a0;
        FloatVector a2 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector b2 = a0;
        for (int i = 0; i < length; i += LANES) {
            FloatVector a = FloatVector.fromArray(SPECIES, pair, i);
            FloatVector b = FloatVector.fromArray(SPECIES, pair, length + i);
            FloatVector x0 = FloatVector.fromArray(SPECIES, shifted, left + i);
            FloatVector x1 = FloatVector.fromArray(SPECIES, shifted, middle + i);
            FloatVector x2 = FloatVector.fromArray(SPECIES, shifted, right + i);
            a0 = x0.fma(a, a0);
            a1 = x1.fma(a, a1);
            a2 = x2.fma(a, a2);
            b0 = x0.fma(b, b0);
            b1 = x1.fma(b, b1);
            b2 = x2.fma(b, b2);
        }
        gradient[first] += VectorLaneSum.of(a0);
        gradient[first + 1] += VectorLaneSum.of(a1);
        gradient[first + 2] += VectorLaneSum.of(a2);
        gradient[second] += VectorLaneSum.of(b0);
        gradient[second + 1] += VectorLaneSum.of(b1);
        gradient[second + 2] += VectorLaneSum.of(b2);
    }
}
