package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.VectorKernels.ChannelSums;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * The four maps of a block's tail on one plane at a time. With {@code m} pixels, {@code s} the inverse standard
 * deviation and {@code hat = s (z - mean)}, instance normalisation has the derivative {@code s P}, where P takes away a
 * plane's mean and its part along hat; every map below is that projection, its sums gathered first. A plane is copied
 * into arrays that stay in the first-level cache, worked on there, and copied out. One instance serves one call on one
 * thread.
 */
final class PlaneTail {

    private final MemorySegment z;
    private final MemorySegment statistics;
    private final double[] scales;
    private final double[] shifts;
    private final double[] scalesDot;
    private final double[] shiftsDot;
    private final int planes;
    private final int channels;
    private final int pixels;
    private final Pool pool;

    /** The plane itself, then normalised. */
    private final float[] hat;

    private final float[] da;
    private final float[] daDot;
    private final float[] zDot;
    private final float[] out;

    /** Statistics and affine map of the plane at hand. */
    private int channel;

    private float mean;
    private float inverse;
    private float scale;
    private float shift;

    PlaneTail(Tensor z, Tensor statistics, Affine affine) {
        this(z, statistics, affine, affine);
    }

    PlaneTail(Tensor z, Tensor statistics, Affine affine, Affine affineDot) {
        this.z = z.memory();
        this.statistics = statistics.memory();
        this.channels = z.dimension(1);
        this.planes = z.dimension(0) * channels;
        this.pixels = z.dimension(2) * z.dimension(3);
        this.pool = new Pool(z.dimension(2), z.dimension(3));
        this.scales = values(affine.scale());
        this.shifts = values(affine.shift());
        this.scalesDot = values(affineDot.scale());
        this.shiftsDot = values(affineDot.shift());
        int length = Sweeps.paddedLength(pixels);
        this.hat = new float[length];
        this.da = new float[length];
        this.daDot = new float[length];
        this.zDot = new float[length];
        this.out = new float[length];
    }

    private static double[] values(Tensor tensor) {
        double[] values = new double[Math.toIntExact(tensor.size())];
        tensor.read(0, values);
        return values;
    }

    int planes() {
        return planes;
    }

    /** Normalises, scales, rectifies and pools plane {@code index} into p, and notes its statistics. */
    void forward(int index, Tensor p) {
        load(z, index, hat);
        mean = Sweeps.sum(hat) / pixels;
        float ofPadding = (hat.length - pixels) * mean * mean;
        float variance = (Sweeps.squares(hat, mean) - ofPadding) / pixels;
        inverse = (float) (1 / Math.sqrt(Math.max(variance, 0) + Kernels.EPSILON));
        statistics.set(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES, mean);
        statistics.set(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES, inverse);

        float slope = (float) scales[index % channels] * inverse;
        Sweeps.rectify(hat, slope, (float) shifts[index % channels] - mean * slope, out);
        pool.average(out, p.memory(), index);
    }

    /** Derivative by z from the derivative by p, for plane {@code index}. */
    void backward(int index, Tensor dp, Tensor dz, ChannelSums sums) {
        loadNormalised(index);
        loadGated(dp, index, da);
        float sum = Sweeps.sum(da);
        float sumHat = Sweeps.product(da, hat);
        sums.add(channel, sumHat, sum);

        float gain = inverse * scale;
        Sweeps.combine(da, gain, hat, -gain * sumHat / pixels, -gain * sum / pixels, out);
        store(out, dz.memory(), index);
    }

    /** Change of p from the change of z, for plane {@code index}. */
    void tangent(int index, Tensor change, Tensor pDot) {
        loadNormalised(index);
        load(change.memory(), index, zDot);
        float sum = Sweeps.sum(zDot);
        float sumHat = Sweeps.product(zDot, hat);

        float gain = inverse * scale;
        float byHat = (float) scalesDot[channel] - gain * sumHat / pixels;
        float constant = (float) shiftsDot[channel] - gain * sum / pixels;
        Sweeps.combine(zDot, gain, hat, byHat, constant, out);
        Sweeps.gate(hat, scale, shift, out);
        pool.average(out, pDot.memory(), index);
    }

    /** Change of dz from the changes of z and of dp, for plane {@code index}. */
    void backwardTangent(int index, Tensor change, Tensor dp, Tensor dpDot, Tensor dzDot, ChannelSums sums) {
        loadNormalised(index);
        load(change.memory(), index, zDot);
        loadGated(dp, index, da);
        loadGated(dpDot, index, daDot);
        float m = pixels;
        float sumDa = Sweeps.sum(da);
        float sumDaHat = Sweeps.product(da, hat);
        float sumDaDot = Sweeps.sum(daDot);
        float sumZDot = Sweeps.sum(zDot);
        float sumZDotHat = Sweeps.product(zDot, hat);
        // hatDot = s P(zDot), so the sum of da hatDot follows from the others
        float sumDaHatDot = inverse * (Sweeps.product(da, zDot) - sumZDot * sumDa / m - sumZDotHat * sumDaHat / m);
        float byScaleDot = Sweeps.product(daDot, hat) + sumDaHatDot;
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
        Sweeps.combine(da, sDot * scale + s * slopeDot, hat, byHat, constant, out);
        Sweeps.addCombined(daDot, s * scale, zDot, -s * s * correlation, out);
        store(out, dzDot.memory(), index);
    }

    private void loadNormalised(int index) {
        channel = index % channels;
        mean = statistics.get(ValueLayout.JAVA_FLOAT, 2L * index * Float.BYTES);
        inverse = statistics.get(ValueLayout.JAVA_FLOAT, (2L * index + 1) * Float.BYTES);
        scale = (float) scales[channel];
        shift = (float) shifts[channel];
        load(z, index, hat);
        Sweeps.normalise(hat, mean, inverse);
        Arrays.fill(hat, pixels, hat.length, 0); // the next plane starts from padding of zeros again
    }

    /** A derivative by p carried back through pooling and ReLU. */
    private void loadGated(Tensor byP, int index, float[] byActivation) {
        pool.spread(byP.memory(), index, byActivation);
        Sweeps.gate(hat, scale, shift, byActivation);
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
