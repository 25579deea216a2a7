package dev.reverie.gpu.tensor.vector;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;

/**
 * Kernels for a CPU in single precision, on the host memory of another engine's tensors. That engine computes wide
 * convolutions and large products; most other operations use the Vector API. The norm-ReLU-pool works plane by plane,
 * so that each plane is read from memory once and all other work happens in the first-level cache.
 */
public final class VectorKernels implements Kernels {

    private final Kernels library;

    /**
     * Creates kernels that speed up others.
     *
     * @param library kernels in single precision that allocate a {@link dev.reverie.gpu.tensor.HostTensor}
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
    public void addMomentsGradient(Tensor z, Tensor statistics, Moments byMoments, Tensor dz) {
        ElementwiseOps.addMomentsGradient(z, statistics, byMoments, dz);
    }

    @Override
    public void multiply(Tensor a, boolean transposeA, Tensor b, boolean transposeB, boolean accumulate, Tensor out) {
        if (SmallProduct.suits(a, b, transposeA, transposeB)) {
            SmallProduct.multiply(a, transposeA, b, transposeB, accumulate, out);
        } else {
            library.multiply(a, transposeA, b, transposeB, accumulate, out);
        }
    }

    @Override
    public void add(Tensor x, Tensor y) {
        ElementwiseOps.add(x, y);
    }

    @Override
    public void descend(Tensor p, Tensor v, Tensor g, double rate, double momentum, double decay) {
        ElementwiseOps.descend(p, v, g, (float) rate, (float) momentum, (float) decay);
    }

    @Override
    public void normReluPool(Tensor z, Affine affine, Tensor statistics, Tensor p) {
        NormReluPoolPlane normReluPool = new NormReluPoolPlane(z, statistics, affine);
        for (int plane = 0; plane < normReluPool.planes(); plane++) {
            normReluPool.forward(plane, p);
        }
    }

    @Override
    public void normReluPoolGradient(Tensor z, Tensor statistics, Affine affine, Tensor dp, Tensor dz, Affine dAffine) {
        NormReluPoolPlane normReluPool = new NormReluPoolPlane(z, statistics, affine);
        ChannelSums sums = new ChannelSums(z.dimension(1));
        for (int plane = 0; plane < normReluPool.planes(); plane++) {
            normReluPool.backward(plane, dp, dz, sums);
        }
        sums.writeTo(dAffine);
    }

    @Override
    public void normReluPoolTangent(
            Tensor z, Tensor statistics, Affine affine, Tensor zDot, Affine affineDot, Tensor pDot) {
        NormReluPoolPlane normReluPool = new NormReluPoolPlane(z, statistics, affine, affineDot);
        for (int plane = 0; plane < normReluPool.planes(); plane++) {
            normReluPool.tangent(plane, zDot, pDot);
        }
    }

    @Override
    public void normReluPoolGradientTangent(
            Tensor z,
            Tensor statistics,
            Affine affine,
            Tensor zDot,
            Affine affineDot,
            Tensor dp,
            Tensor dpDot,
            Tensor dzDot,
            Affine dAffineDot) {
        NormReluPoolPlane normReluPool = new NormReluPoolPlane(z, statistics, affine, affineDot);
        ChannelSums sums = new ChannelSums(z.dimension(1));
        for (int plane = 0; plane < normReluPool.planes(); plane++) {
            normReluPool.backwardTangent(plane, zDot, dp, dpDot, dzDot, sums);
        }
        sums.writeTo(dAffineDot);
    }

    @Override
    public void normalise(Tensor z, Affine affine, boolean rectified, Tensor statistics, Tensor y) {
        NormalisationPlane normalisation = new NormalisationPlane(z, statistics, affine, rectified);
        for (int plane = 0; plane < normalisation.planes(); plane++) {
            normalisation.forward(plane, y);
        }
    }

    @Override
    public void normaliseGradient(
            Tensor z, Tensor statistics, Affine affine, boolean rectified, Tensor dy, Tensor dz, Affine dAffine) {
        NormalisationPlane normalisation = new NormalisationPlane(z, statistics, affine, rectified);
        ChannelSums sums = new ChannelSums(z.dimension(1));
        for (int plane = 0; plane < normalisation.planes(); plane++) {
            normalisation.backward(plane, dy, dz, sums);
        }
        sums.writeTo(dAffine);
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

    /** Derivatives with respect to scale and shift, summed over images. */
    static final class ChannelSums {

        private final double[] scale;
        private final double[] shift;

        ChannelSums(int channels) {
            this.scale = new double[channels];
            this.shift = new double[channels];
        }

        void add(int channel, double byScale, double byShift) {
            scale[channel] += byScale;
            shift[channel] += byShift;
        }

        void writeTo(Affine affine) {
            affine.scale().write(0, scale);
            affine.shift().write(0, shift);
        }
    }
}
