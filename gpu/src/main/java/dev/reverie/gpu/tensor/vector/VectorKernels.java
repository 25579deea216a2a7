package dev.reverie.gpu.tensor.vector;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Optimiser.Sgd;
import dev.reverie.gpu.tensor.Tensor;

/**
 * Kernels for a CPU in single precision, on the host memory of another engine's tensors. That engine computes wide
 * convolutions and large products; most other operations use the Vector API. The norm-ReLU-pool works plane by plane,
 * so that each plane is read from memory once and all other work happens in the first-level cache.
 */
public final class VectorKernels implements Kernels {

    private final Kernels library;

    /**
     * Creates kernels that speed up others, in single precision, which allocate a
     * {@link dev.reverie.gpu.tensor.HostTensor}.
     */
    public VectorKernels(Kernels library) {
        this.library = library;
    }

    @Override
    public Precision precision() {
        return library.precision();
    }

    @Override
    public int microBatches(int samples) {
        return library.microBatches(samples);
    }

    @Override
    public Tensor allocate(int... shape) {
        return library.allocate(shape);
    }

    @Override
    public void adjointWeights(Tensor w, Tensor adjoint) {
        library.adjointWeights(w, adjoint);
    }

    @Override
    public void convolutionGradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw) {
        library.convolutionGradients(x, w, dy, padding, dx, dw);
    }

    @Override
    public void addGramGradient(Tensor z, Tensor dGram, Tensor dz) {
        library.addGramGradient(z, dGram, dz);
    }

    @Override
    public void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        if (w.dimension(2) == KERNEL && DirectConvolution.suits(x.dimension(1), y.dimension(1))) {
            DirectConvolution.convolve(x, w, padding, y);
        } else {
            library.convolve(x, w, padding, y);
        }
    }

    @Override
    public void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        if (dw.dimension(2) == KERNEL && PlaneCorrelation.suits(x.dimension(1))) {
            PlaneCorrelation.weightGradient(x, dy, padding, dw);
        } else {
            library.weightGradient(x, dy, padding, dw);
        }
    }

    @Override
    public void gram(Tensor z, double[] weights, Tensor gram) {
        PlaneGram.gram(z, weights, gram);
    }

    @Override
    public void addMomentsGradient(InstanceNorm norm, Moments byMoments, Tensor dz) {
        ElementwiseOps.addMomentsGradient(norm, byMoments, dz);
    }

    @Override
    public void multiply(Factor a, Factor b, boolean accumulate, Tensor out) {
        if (SmallProduct.suits(a, b)) {
            SmallProduct.multiply(a, b, accumulate, out);
        } else {
            library.multiply(a, b, accumulate, out);
        }
    }

    @Override
    public void add(Tensor x, Tensor y) {
        ElementwiseOps.add(x, y);
    }

    @Override
    public void descend(Tensor p, Tensor v, Tensor g, Sgd sgd) {
        ElementwiseOps.descend(p, v, g, sgd);
    }

    @Override
    public void normReluPool(InstanceNorm norm, Tensor p) {
        NormReluPoolPlane plane = new NormReluPoolPlane(norm);
        for (int index = 0; index < plane.planes(); index++) {
            plane.forward(index, p);
        }
    }

    @Override
    public void normReluPoolGradient(InstanceNorm norm, Tensor dp, NormDerivative dNorm) {
        NormReluPoolPlane plane = new NormReluPoolPlane(norm);
        ChannelSums sums = new ChannelSums(dNorm.affine());
        for (int index = 0; index < plane.planes(); index++) {
            plane.backward(index, dp, dNorm.z(), sums);
        }
        sums.write();
    }

    @Override
    public void normReluPoolTangent(InstanceNorm norm, NormDerivative normDot, Tensor pDot) {
        NormReluPoolPlane plane = new NormReluPoolPlane(norm, normDot.affine());
        for (int index = 0; index < plane.planes(); index++) {
            plane.tangent(index, normDot.z(), pDot);
        }
    }

    @Override
    public void normReluPoolGradientTangent(
            InstanceNorm norm, NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot) {
        NormReluPoolPlane plane = new NormReluPoolPlane(norm, normDot.affine());
        ChannelSums sums = new ChannelSums(dNormDot.affine());
        for (int index = 0; index < plane.planes(); index++) {
            plane.loadGradient(index, dp, dpDot);
            plane.backwardTangent(index, normDot.z(), dNormDot.z(), sums);
        }
        sums.write();
    }

    @Override
    public void normalise(InstanceNorm norm, boolean rectified, Tensor y) {
        NormalisationPlane plane = new NormalisationPlane(norm, rectified);
        for (int index = 0; index < plane.planes(); index++) {
            plane.forward(index, y);
        }
    }

    @Override
    public void normaliseGradient(InstanceNorm norm, boolean rectified, Tensor dy, NormDerivative dNorm) {
        NormalisationPlane plane = new NormalisationPlane(norm, rectified);
        ChannelSums sums = new ChannelSums(dNorm.affine());
        for (int index = 0; index < plane.planes(); index++) {
            plane.backward(index, dy, dNorm.z(), sums);
        }
        sums.write();
    }

    @Override
    public void addAndRectify(Tensor x, Tensor y) {
        ElementwiseOps.addAndRectify(x, y);
    }

    @Override
    public void rectifyGradient(Tensor y, Tensor dy) {
        ElementwiseOps.rectifyGradient(y, dy);
    }

    @Override
    public void averagePool(Tensor x, Window window, Tensor p) {
        WindowAverages.average(x, window, p);
    }

    @Override
    public void averagePoolGradient(Tensor dp, Window window, Tensor dx) {
        WindowAverages.spread(dp, window, dx);
    }

    /** Sums, over images, the derivatives with respect to scale and shift. */
    static final class ChannelSums {

        private final Affine target;
        private final double[] scale;
        private final double[] shift;

        /** Starts with zeros; {@link #write} overwrites {@code target}. */
        ChannelSums(Affine target) {
            this.target = target;
            this.scale = new double[target.scale().dimension(0)];
            this.shift = new double[scale.length];
        }

        void add(int channel, double byScale, double byShift) {
            scale[channel] += byScale;
            shift[channel] += byShift;
        }

        void write() {
            target.scale().write(0, scale);
            target.shift().write(0, shift);
        }
    }
}
