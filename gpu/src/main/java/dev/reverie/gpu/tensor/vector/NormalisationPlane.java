package dev.reverie.gpu.tensor.vector;

import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.vector.ThreadBuffers.Purpose;
import dev.reverie.gpu.tensor.vector.VectorKernels.ChannelSums;

/**
 * Runs the two passes of an instance normalisation without pooling, one plane at a time, with the formulas of
 * {@link NormReluPoolPlane}. An instance serves one kernel call on one thread.
 */
final class NormalisationPlane {

    private final CurrentPlane plane;
    private final boolean rectified;

    /** The plane of z; the backward pass normalises it in place. */
    private final float[] hat;

    private final float[] dy;
    private final float[] out;

    /** The two sums that a sweep computes. */
    private final float[] pair = new float[2];

    NormalisationPlane(InstanceNorm norm, boolean rectified) {
        this.plane = new CurrentPlane(norm);
        this.rectified = rectified;
        this.hat = plane.values();
        this.dy = plane.array(Purpose.DA);
        this.out = plane.array(Purpose.NORM_RELU_POOL);
    }

    int planes() {
        return plane.planes();
    }

    /** Normalises and scales plane {@code index} into y, rectifies it if requested, and stores its statistics. */
    void forward(int index, Tensor y) {
        plane.measure(index);
        float slope = plane.scale() * plane.inverse();
        float offset = plane.shift() - plane.mean() * slope;
        if (rectified) {
            PlaneOps.rectify(hat, slope, offset, out);
        } else {
            PlaneOps.scale(hat, slope, offset, out);
        }
        plane.store(out, y, index);
    }

    /** Computes the derivative with respect to z from the derivative with respect to y, for plane {@code index}. */
    void backward(int index, Tensor above, Tensor dz, ChannelSums sums) {
        plane.load(index);
        plane.load(above, index, dy);
        if (rectified) {
            PlaneOps.normaliseAndGate(hat, plane.mean(), plane.inverse(), plane.scale(), plane.shift(), dy, pair);
        } else {
            PlaneOps.normalise(hat, plane.mean(), plane.inverse(), dy, pair);
        }
        float sum = pair[0];
        float sumHat = pair[1];
        sums.add(plane.channel(), sumHat, sum);

        float gain = plane.inverse() * plane.scale();
        PlaneOps.combine(dy, gain, hat, -gain * sumHat / plane.pixels(), -gain * sum / plane.pixels(), out);
        plane.store(out, dz, index);
    }
}
