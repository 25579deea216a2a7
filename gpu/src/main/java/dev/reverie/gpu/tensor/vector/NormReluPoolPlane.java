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
 * Runs the four passes of a block's norm-ReLU-pool, one plane at a time. Let {@code s} be the inverse standard
 * deviation of a plane and {@code hat = s (z - mean)}. The derivative of instance normalisation is then {@code s P},
 * where P subtracts the mean of a plane and the component along hat. Every derivative pass first computes the sums that
 * P needs and then applies P. Each plane is copied into arrays that stay in the first-level cache, processed there and
 * copied back. An instance serves one kernel call on one thread.
 */
final class NormReluPoolPlane {

    private final MemorySegment z;
    private final MemorySegment statistics;
    private final double[] scales;
    private final double[] shifts;
    private final double[] scalesDot;
    private final double[] shiftsDot;
    private final int planes;
    private final int channels;
    private final int pixels;
    private final AveragePooling pool;

    /** The plane of z, normalised in place in the derivative passes. */
    private final float[] hat;

    private final float[] da;
    private final float[] daDot;
    private final float[] zDot;
    private final float[] out;

    /** The two sums that a sweep computes. */
    private final float[] pair = new float[2];

    /** Channel, statistics and affine map of the current plane. */
    private int channel;

    private float mean;
    private float inverse;
    private float scale;
    private float shift;

    NormReluPoolPlane(Tensor z, Tensor statistics, Affine affine) {
        this(z, statistics, affine, affine);
    }

    NormReluPoolPlane(Tensor z, Tensor statistics, Affine affine, Affine affineDot) {
        this.z = memory(z);
        this.statistics = memory(statistics);
        this.channels = z.dimension(1);
        this.planes = z.dimension(0) * channels;
        this.pixels = z.dimension(2) * z.dimension(3);
        this.pool = new AveragePooling(z.dimension(2), z.dimension(3));
        this.scales = values(affine.scale());
        this.shifts = values(affine.shift());
        this.scalesDot = values(affineDot.scale());
        this.shiftsDot = values(affineDot.shift());
        int length = PlaneOps.paddedLength(pixels);
        ThreadBuffers arrays = ThreadBuffers.ofThread();
        this.hat = arrays.exactly(Purpose.HAT, length);
        this.da = arrays.exactly(Purpose.DA, length);
        this.daDot = arrays.exactly(Purpose.DA_DOT, length);
        this.zDot = arrays.exactly(Purpose.Z_DOT, length);
        this.out = arrays.exactly(Purpose.NORM_RELU_POOL, length);
        for (float[] plane : new float[][] {hat, da, daDot, zDot}) {
            Arrays.fill(plane, pixels, length, 0);
        }
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.size())];
        tensor.read(0, values);
        return values;
    }

    int planes() {
        return planes;
    }

    /** Normalises, scales, rectifies and pools plane {@code index} into p, and stores its statistics. */
    void forward(int index, Tensor p) {
        load(z, index, hat);
        mean = PlaneOps.sum(hat) / pixels;
        float ofPadding = (hat.length - pixels) * mean * mean;
        float variance = (PlaneOps.squares(hat, mean) - ofPadding) / pixels;
        inverse = (float) (1 / Math.sqrt(Math.max(variance, 0) + Kernels.EPSILON));
        statistics.set(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES, mean);
        statistics.set(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES, inverse);

        float slope = (float) scales[index % channels] * inverse;
        PlaneOps.rectify(hat, slope, (float) shifts[index % channels] - mean * slope, out);
        pool.average(out, memory(p), index);
    }

    /** Computes the derivative with respect to z from the derivative with respect to p, for plane {@code index}. */
    void backward(int index, Tensor dp, Tensor dz, ChannelSums sums) {
        loadPlane(index);
        pool.spread(memory(dp), index, da);
        PlaneOps.normaliseAndGate(hat, mean, inverse, scale, shift, da, pair);
        float sum = pair[0];
        float sumHat = pair[1];
        sums.add(channel, sumHat, sum);

        float gain = inverse * scale;
        PlaneOps.combine(da, gain, hat, -gain * sumHat / pixels, -gain * sum / pixels, out);
        store(out, memory(dz), index);
    }

    /** Computes the change of p from the change of z, for plane {@code index}. */
    void tangent(int index, Tensor change, Tensor pDot) {
        loadPlane(index);
        load(memory(change), index, zDot);
        PlaneOps.normalise(hat, mean, inverse, zDot, pair);
        float sum = pair[0];
        float sumHat = pair[1];

        float gain = inverse * scale;
        float byHat = (float) scalesDot[channel] - gain * sumHat / pixels;
        float constant = (float) shiftsDot[channel] - gain * sum / pixels;
        PlaneOps.combineAndGate(zDot, gain, hat, byHat, constant, scale, shift);
        pool.average(zDot, memory(pDot), index);
        Arrays.fill(zDot, pixels, zDot.length, 0);
    }

    /** Computes the change of dz from the changes of z and dp, for plane {@code index}. */
    void backwardTangent(int index, Tensor change, Tensor dp, Tensor dpDot, Tensor dzDot, ChannelSums sums) {
        loadPlane(index);
        load(memory(change), index, zDot);
        pool.spread(memory(dp), index, da);
        pool.spread(memory(dpDot), index, daDot);
        float m = pixels;
        PlaneOps.normalise(hat, mean, inverse, zDot, pair);
        float sumZDot = pair[0];
        float sumZDotHat = pair[1];
        PlaneOps.gate(hat, scale, shift, da, pair);
        float sumDa = pair[0];
        float sumDaHat = pair[1];
        PlaneOps.gate(hat, scale, shift, daDot, pair);
        float sumDaDot = pair[0];
        // hatDot = s P(zDot), so the sum of da hatDot follows from the others
        float sumDaHatDot = inverse * (PlaneOps.product(da, zDot) - sumZDot * sumDa / m - sumZDotHat * sumDaHat / m);
        float byScaleDot = pair[1] + sumDaHatDot;
        sums.add(channel, byScaleDot, sumDaDot);

        float s = inverse;
        float sDot = -s * s * sumZDotHat / m;
        float slopeDot = (float) scalesDot[channel];
        float correlation = scale * sumDaHat / m;
        float correlationDot = (scale * byScaleDot + slopeDot * sumDaHat) / m;
        float meanDot = (scale * sumDaDot + slopeDot * sumDa) / m;
        // sDot P(dHat) + s (dHatDot - mean - hatDot correlation - hat correlationDot), gathered by factor
        float byHat = -sDot * correlation - s * correlationDot + s * s * correlation * sumZDotHat / m;
        float constant = -sDot * scale * sumDa / m - s * meanDot + s * s * correlation * sumZDot / m;
        PlaneOps.combine(da, sDot * scale + s * slopeDot, hat, byHat, constant, out);
        PlaneOps.addCombined(daDot, s * scale, zDot, -s * s * correlation, out);
        store(out, memory(dzDot), index);
    }

    /** Loads plane {@code index} of z, its statistics and its affine map. */
    private void loadPlane(int index) {
        channel = index % channels;
        mean = statistics.get(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES);
        inverse = statistics.get(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES);
        scale = (float) scales[channel];
        shift = (float) shifts[channel];
        load(z, index, hat);
        Arrays.fill(hat, pixels, hat.length, 0);
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
