package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/**
 * Computes 3x3 convolutions plane by plane, without rearranging data. If the input or the output has few channels, as
 * in the first layer of a network, this method is several times faster than a general convolution, which pads the
 * channels to whole vectors.
 */
final class DirectConvolution {

    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final ByteOrder ORDER = ByteOrder.nativeOrder();
    private static final int TAPS = Kernels.KERNEL * Kernels.KERNEL;

    /** If both input and output have more channels than this, a general convolution is faster. */
    private static final int FEW = 4;

    private final Tensor x;
    private final int padding;
    private final int height;
    private final int width;
    private final int stride;

    private DirectConvolution(Tensor x, int padding, int height, int width) {
        this.x = x;
        this.padding = padding;
        this.height = height;
        this.width = width;
        this.stride = width + Kernels.KERNEL - 1;
    }

    /** Whether this implementation is faster than a general convolution for the given numbers of channels. */
    static boolean suits(int in, int out) {
        return Math.min(in, out) <= FEW;
    }

    /** See {@link Kernels#convolve}. */
    static void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        new DirectConvolution(x, padding, y.dimension(2), y.dimension(3)).convolve(w, y);
    }

    private void convolve(Tensor w, Tensor y) {
        int in = x.dimension(1);
        int out = y.dimension(1);
        double[] weights = new double[Math.toIntExact(w.size())];
        w.read(0, weights);
        float[] source = newPadded();
        float[] taps = new float[TAPS];
        for (int image = 0; image < x.dimension(0); image++) {
            for (int i = 0; i < in; i++) {
                pad(image * in + i, source);
                for (int o = 0; o < out; o++) {
                    for (int tap = 0; tap < TAPS; tap++) {
                        taps[tap] = (float) weights[(o * in + i) * TAPS + tap];
                    }
                    accumulate(source, taps, memory(y), plane(image * out + o), i == 0);
                }
            }
        }
    }

    /**
     * Adds the convolution of one padded plane to a plane of the output; with {@code first}, overwrites the output
     * plane instead.
     */
    private void accumulate(float[] source, float[] taps, MemorySegment y, long at, boolean first) {
        FloatVector t0 = FloatVector.broadcast(SPECIES, taps[0]);
        FloatVector t1 = FloatVector.broadcast(SPECIES, taps[1]);
        FloatVector t2 = FloatVector.broadcast(SPECIES, taps[2]);
        FloatVector t3 = FloatVector.broadcast(SPECIES, taps[3]);
        FloatVector t4 = FloatVector.broadcast(SPECIES, taps[4]);
        FloatVector t5 = FloatVector.broadcast(SPECIES, taps[5]);
        FloatVector t6 = FloatVector.broadcast(SPECIES, taps[6]);
        FloatVector t7 = FloatVector.broadcast(SPECIES, taps[7]);
        FloatVector t8 = FloatVector.broadcast(SPECIES, taps[8]);
        for (int column = 0; column < width; column += LANES) {
            VectorMask<Float> in = SPECIES.indexInRange(column, width);
            for (int row = 0; row < height; row++) {
                int upper = row * stride + column;
                int middle = upper + stride;
                int lower = middle + stride;
                long to = at + (long) (row * width + column) * Float.BYTES;
                FloatVector sum =
                        first ? FloatVector.zero(SPECIES) : FloatVector.fromMemorySegment(SPECIES, y, to, ORDER, in);
                FloatVector a = FloatVector.fromArray(SPECIES, source, upper).fma(t0, sum);
                FloatVector b =
                        FloatVector.fromArray(SPECIES, source, upper + 1).mul(t1);
                FloatVector c =
                        FloatVector.fromArray(SPECIES, source, upper + 2).mul(t2);
                a = FloatVector.fromArray(SPECIES, source, middle).fma(t3, a);
                b = FloatVector.fromArray(SPECIES, source, middle + 1).fma(t4, b);
                c = FloatVector.fromArray(SPECIES, source, middle + 2).fma(t5, c);
                a = FloatVector.fromArray(SPECIES, source, lower).fma(t6, a);
                b = FloatVector.fromArray(SPECIES, source, lower + 1).fma(t7, b);
                c = FloatVector.fromArray(SPECIES, source, lower + 2).fma(t8, c);
                a.add(b).add(c).intoMemorySegment(y, to, ORDER, in);
            }
        }
    }

    private long plane(int index) {
        return (long) index * height * width * Float.BYTES;
    }

    /** Allocates a plane with its border, plus one vector, because the last vector can extend beyond the plane. */
    private float[] newPadded() {
        return new float[stride * (height + Kernels.KERNEL - 1) + LANES + Kernels.KERNEL];
    }

    /**
     * Copies plane {@code index} of x and surrounds the copy with zeros; a negative padding crops the plane instead.
     */
    private void pad(int index, float[] padded) {
        int sourceHeight = x.dimension(2);
        int sourceWidth = x.dimension(3);
        Arrays.fill(padded, 0);
        int crop = Math.max(-padding, 0);
        int border = Math.max(padding, 0);
        long from = (long) index * sourceHeight * sourceWidth;
        for (int row = crop; row < sourceHeight - crop; row++) {
            MemorySegment.copy(
                    memory(x),
                    ValueLayout.JAVA_FLOAT,
                    (from + (long) row * sourceWidth + crop) * Float.BYTES,
                    padded,
                    (row - crop + border) * stride + border,
                    sourceWidth - 2 * crop);
        }
    }
}
