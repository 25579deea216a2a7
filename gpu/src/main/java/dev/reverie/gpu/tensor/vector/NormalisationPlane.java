package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import dev.reverie.gpu.tensor.vector.VectorKernels.ChannelSums;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Runs the two passes of an instance normalisation without pooling, one plane at a time, with the formulas of
 * {@link NormReluPoolPlane}. An instance serves one kernel call on one thread.
 */
final class NormalisationPlane {

    private final MemorySegment z;
    private final MemorySegment statistics;
    private final double[] scales;
    private final double[] shifts;
    private final boolean rectified;
    private final int planes;
    private final int channels;
    private final int pixels;

    /** The plane of z; the backward pass normalises it in place. */
    private final float[] hat;

    private final float[] dy;
    private final float[] out;

    /** The two sums that a sweep computes. */
    private final float[] pair = new float[2];

    NormalisationPlane(Tensor z, Tensor statistics, Affine affine, boolean rectified) {
        this.z = memory(z);
        this.statistics = memory(statistics);
        this.scales = affine.scale().toDoubles();
        this.shifts = affine.shift().toDoubles();
        this.rectified = rectified;
        this.channels = z.dimension(1);
        this.planes = z.dimension(0) * channels;
        this.pixels = z.dimension(2) * z.dimension(3);
        int length = PlaneOps.paddedLength(pixels);
        ThreadBuffers arrays = ThreadBuffers.ofThread();
        this.hat = arrays.exactly(Purpose.HAT, length);
        this.dy = arrays.exactly(Purpose.DA, length);
        this.out = arrays.exactly(Purpose.NORM_RELU_POOL, length);
        Arrays.fill(hat, pixels, length, 0);
        Arrays.fill(dy, pixels, length, 0);
    }

    int planes() {
        return planes;
    }

    /** Normalises and scales plane {@code index} into y, rectifies it if requested, and stores its statistics. */
    void forward(int index, Tensor y) {
        load(z, index, hat);
        float mean = PlaneOps.sum(hat) / pixels;
        float ofPadding = (hat.length - pixels) * mean * mean;
        float variance = (PlaneOps.squares(hat, mean) - ofPadding) / pixels;
        float inverse = (float) (1 / Math.sqrt(Math.max(variance, 0) + Kernels.EPSILON));
        statistics.set(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES, mean);
        statistics.set(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES, inverse);

        float slope = (float) scales[index % channels] * inverse;
        float offset = (float) shifts[index % channels] - mean * slope;
        if (rectified) {
            PlaneOps.rectify(hat, slope, offset, out);
        } else {
            PlaneOps.scale(hat, slope, offset, out);
        }
        store(out, memory(y), index);
    }

    /** Computes the derivative with respect to z from the derivative with respect to y, for plane {@code index}. */
    void backward(int index, Tensor above, Tensor dz, ChannelSums sums) {
        int channel = index % channels;
        float mean = statistics.get(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES);
        float inverse = statistics.get(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES);
        float scale = (float) scales[channel];
        load(z, index, hat);
        Arrays.fill(hat, pixels, hat.length, 0); // the sweep below has normalised the padding, too
        load(memory(above), index, dy);
        if (rectified) {
            PlaneOps.normaliseAndGate(hat, mean, inverse, scale, (float) shifts[channel], dy, pair);
        } else {
            PlaneOps.normalise(hat, mean, inverse, dy, pair);
        }
        float sum = pair[0];
        float sumHat = pair[1];
        sums.add(channel, sumHat, sum);

        float gain = inverse * scale;
        PlaneOps.combine(dy, gain, hat, -gain * sumHat / pixels, -gain * sum / pixels, out);
        store(out, memory(dz), index);
    }

    private void load(MemorySegment source, int index, float[] plane) {
        MemorySegment.copy(source, ValueLayout.JAVA_FLOAT, offset(index), plane, 0, pixels);
    }

    private void store(float[] plane, MemorySegment target, int index) {
        MemorySegment.copy(plane, 0, target, ValueLayout.JAVA_FLOAT, offset(index), pixels);
    }

    private long offset(int index) {
        return (long) index * pixels * Float.BYTES;
    }
}
