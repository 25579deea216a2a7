package dev.reverie.gpu.tensor.vector;

import static dev.reverie.gpu.tensor.HostTensor.memory;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import dev.reverie.gpu.tensor.vector.VectorKernels.ChannelSums;

/**
 * Runs the four passes of a block's norm-ReLU-pool, one plane at a time. Let {@code s} be the inverse standard
 * deviation of a plane and {@code hat = s (z - mean)}. The derivative of instance normalisation is then {@code s P},
 * where P subtracts the mean of a plane and the component along hat. Every derivative pass first computes the sums that
 * P needs and then applies P. Each plane is copied into arrays that stay in the first-level cache, processed there and
 * copied back. An instance serves one kernel call on one thread.
 */
final class NormReluPoolPlane {

    private final CurrentPlane plane;
    private final double[] scalesDot;
    private final double[] shiftsDot;
    private final AveragePooling pool;

    /** The plane of z, normalised in place in the derivative passes. */
    private final float[] hat;

    private final float[] da;
    private final float[] daDot;
    private final float[] zDot;
    private final float[] out;

    /** The two sums that a sweep computes. */
    private final float[] pair = new float[2];

    /** Prepares the passes that use no direction. */
    NormReluPoolPlane(InstanceNorm norm) {
        this(norm, norm.affine());
    }

    /** Prepares all passes. */
    NormReluPoolPlane(InstanceNorm norm, Affine affineDot) {
        this.plane = new CurrentPlane(norm);
        this.scalesDot = affineDot.scale().toDoubles();
        this.shiftsDot = affineDot.shift().toDoubles();
        this.pool = new AveragePooling(norm.z().dimension(2), norm.z().dimension(3));
        this.hat = plane.values();
        this.da = plane.array(Purpose.DA);
        this.daDot = plane.array(Purpose.DA_DOT);
        this.zDot = plane.array(Purpose.Z_DOT);
        this.out = plane.array(Purpose.NORM_RELU_POOL);
    }

    int planes() {
        return plane.planes();
    }

    /** Normalises, scales, rectifies and pools plane {@code index} into p, and stores its statistics. */
    void forward(int index, Tensor p) {
        plane.measure(index);
        float slope = plane.scale() * plane.inverse();
        PlaneOps.rectify(hat, slope, plane.shift() - plane.mean() * slope, out);
        pool.average(out, memory(p), index);
    }

    /** Computes the derivative with respect to z from the derivative with respect to p, for plane {@code index}. */
    void backward(int index, Tensor dp, Tensor dz, ChannelSums sums) {
        plane.load(index);
        pool.spread(memory(dp), index, da);
        PlaneOps.normaliseAndGate(hat, plane.mean(), plane.inverse(), plane.scale(), plane.shift(), da, pair);
        float sum = pair[0];
        float sumHat = pair[1];
        sums.add(plane.channel(), sumHat, sum);

        float gain = plane.inverse() * plane.scale();
        PlaneOps.combine(da, gain, hat, -gain * sumHat / plane.pixels(), -gain * sum / plane.pixels(), out);
        plane.store(out, dz, index);
    }

    /** Computes the change of p from the change of z, for plane {@code index}. */
    void tangent(int index, Tensor change, Tensor pDot) {
        plane.load(index);
        plane.load(change, index, zDot);
        PlaneOps.normalise(hat, plane.mean(), plane.inverse(), zDot, pair);
        float sum = pair[0];
        float sumHat = pair[1];

        int channel = plane.channel();
        float gain = plane.inverse() * plane.scale();
        float byHat = (float) scalesDot[channel] - gain * sumHat / plane.pixels();
        float constant = (float) shiftsDot[channel] - gain * sum / plane.pixels();
        PlaneOps.combineAndGate(zDot, gain, hat, byHat, constant, plane.scale(), plane.shift());
        pool.average(zDot, memory(pDot), index);
    }

    /** Loads the derivative with respect to p and its change, for {@link #backwardTangent} of the same plane. */
    void loadGradient(int index, Tensor dp, Tensor dpDot) {
        pool.spread(memory(dp), index, da);
        pool.spread(memory(dpDot), index, daDot);
    }

    /** Computes the change of dz from the change of z and {@link #loadGradient}, for plane {@code index}. */
    void backwardTangent(int index, Tensor change, Tensor dzDot, ChannelSums sums) {
        plane.load(index);
        plane.load(change, index, zDot);
        float m = plane.pixels();
        float s = plane.inverse();
        float scale = plane.scale();
        float shift = plane.shift();
        PlaneOps.normalise(hat, plane.mean(), s, zDot, pair);
        float sumZDot = pair[0];
        float sumZDotHat = pair[1];
        PlaneOps.gate(hat, scale, shift, da, pair);
        float sumDa = pair[0];
        float sumDaHat = pair[1];
        PlaneOps.gate(hat, scale, shift, daDot, pair);
        float sumDaDot = pair[0];
        // hatDot = s P(zDot), so the sum of da hatDot follows from the others
        float sumDaHatDot = s * (PlaneOps.product(da, zDot) - sumZDot * sumDa / m - sumZDotHat * sumDaHat / m);
        float byScaleDot = pair[1] + sumDaHatDot;
        sums.add(plane.channel(), byScaleDot, sumDaDot);

        float sDot = -s * s * sumZDotHat / m;
        float slopeDot = (float) scalesDot[plane.channel()];
        float correlation = scale * sumDaHat / m;
        float correlationDot = (scale * byScaleDot + slopeDot * sumDaHat) / m;
        float meanDot = (scale * sumDaDot + slopeDot * sumDa) / m;
        // sDot P(dHat) + s (dHatDot - mean - hatDot correlation - hat correlationDot), gathered by factor
        float byHat = -sDot * correlation - s * correlationDot + s * s * correlation * sumZDotHat / m;
        float constant = -sDot * scale * sumDa / m - s * meanDot + s * s * correlation * sumZDot / m;
        PlaneOps.combine(da, sDot * scale + s * slopeDot, hat, byHat, constant, out);
        PlaneOps.addCombined(daDot, s * scale, zDot, -s * s * correlation, out);
        plane.store(out, dzDot, index);
    }
}
