package dev.reverie.gpu.profile;

import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Optional;

/** Forwards every kernel call to other kernels, through a single hook. */
abstract class ForwardingKernels implements Kernels {

    private final Kernels kernels;

    ForwardingKernels(Kernels kernels) {
        this.kernels = kernels;
    }

    /**
     * Runs a call.
     *
     * @param flop floating-point operations of the mathematical definition; 0 for memory-bound kernels
     * @param touched large tensors that are read or written, without values per channel; a tensor that is both is
     *     listed twice
     */
    abstract void watch(Kind kernel, long flop, Runnable call, Tensor... touched);

    private void watch(Kind kernel, Runnable call, Tensor... touched) {
        watch(kernel, 0, call, touched);
    }

    /** Counts each multiply-add of a convolution as two operations, and taps on the padding like all others. */
    private static long flop(Tensor output, Tensor weights) {
        return 2 * output.size() * weights.dimension(1) * weights.dimension(2) * weights.dimension(3);
    }

    @Override
    public Precision precision() {
        return kernels.precision();
    }

    /** Calls of kernels that only a device has are not watched. */
    @Override
    public Optional<DeviceKernels> device() {
        return kernels.device();
    }

    @Override
    public int microBatches(int samples) {
        return kernels.microBatches(samples);
    }

    @Override
    public Tensor allocate(int... shape) {
        return kernels.allocate(shape);
    }

    @Override
    public void convolve(Tensor x, Tensor w, int padding, Tensor y) {
        watch(Kind.CONVOLVE, flop(y, w), () -> kernels.convolve(x, w, padding, y), x, w, y);
    }

    @Override
    public void adjointWeights(Tensor w, Tensor adjoint) {
        watch(Kind.ADJOINT_WEIGHTS, () -> kernels.adjointWeights(w, adjoint), w, adjoint);
    }

    @Override
    public void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw) {
        watch(Kind.WEIGHT_GRADIENT, flop(dy, dw), () -> kernels.weightGradient(x, dy, padding, dw), x, dy, dw);
    }

    @Override
    public void convolutionGradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw) {
        watch(
                Kind.CONVOLUTION_GRADIENTS,
                2 * flop(dy, dw),
                () -> kernels.convolutionGradients(x, w, dy, padding, dx, dw),
                x,
                w,
                dy,
                dx,
                dw);
    }

    @Override
    public void normReluPool(Tensor z, Affine affine, Tensor statistics, Tensor p) {
        watch(Kind.NORM_RELU_POOL, () -> kernels.normReluPool(z, affine, statistics, p), z, p);
    }

    @Override
    public void normReluPoolGradient(Tensor z, Tensor statistics, Affine affine, Tensor dp, Tensor dz, Affine dAffine) {
        watch(
                Kind.NORM_RELU_POOL_GRADIENT,
                () -> kernels.normReluPoolGradient(z, statistics, affine, dp, dz, dAffine),
                z,
                dp,
                dz);
    }

    @Override
    public void normReluPoolTangent(
            Tensor z, Tensor statistics, Affine affine, Tensor zDot, Affine affineDot, Tensor pDot) {
        watch(
                Kind.NORM_RELU_POOL_TANGENT,
                () -> kernels.normReluPoolTangent(z, statistics, affine, zDot, affineDot, pDot),
                z,
                zDot,
                pDot);
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
        watch(
                Kind.NORM_RELU_POOL_GRADIENT_TANGENT,
                () -> kernels.normReluPoolGradientTangent(
                        z, statistics, affine, zDot, affineDot, dp, dpDot, dzDot, dAffineDot),
                z,
                zDot,
                dp,
                dpDot,
                dzDot);
    }

    @Override
    public void normalise(Tensor z, Affine affine, boolean rectified, Tensor statistics, Tensor y) {
        watch(Kind.NORMALISE, () -> kernels.normalise(z, affine, rectified, statistics, y), z, y);
    }

    @Override
    public void normaliseGradient(
            Tensor z, Tensor statistics, Affine affine, boolean rectified, Tensor dy, Tensor dz, Affine dAffine) {
        watch(
                Kind.NORMALISE_GRADIENT,
                () -> kernels.normaliseGradient(z, statistics, affine, rectified, dy, dz, dAffine),
                z,
                dy,
                dz);
    }

    @Override
    public void addAndRectify(Tensor x, Tensor y) {
        watch(Kind.ADD_AND_RECTIFY, () -> kernels.addAndRectify(x, y), x, y, y);
    }

    @Override
    public void rectifyGradient(Tensor y, Tensor dy) {
        watch(Kind.RECTIFY_GRADIENT, () -> kernels.rectifyGradient(y, dy), y, dy, dy);
    }

    @Override
    public void averagePool(Tensor x, Window window, Tensor p) {
        watch(Kind.AVERAGE_POOL, () -> kernels.averagePool(x, window, p), x, p);
    }

    @Override
    public void averagePoolGradient(Tensor dp, Window window, Tensor dx) {
        watch(Kind.AVERAGE_POOL_GRADIENT, () -> kernels.averagePoolGradient(dp, window, dx), dp, dx);
    }

    @Override
    public void gram(Tensor z, double[] weights, Tensor gram) {
        watch(Kind.GRAM, gramFlop(z), () -> kernels.gram(z, weights, gram), z, gram);
    }

    @Override
    public void addGramGradient(Tensor z, Tensor dGram, Tensor dz) {
        watch(Kind.GRAM_GRADIENT, gramFlop(z), () -> kernels.addGramGradient(z, dGram, dz), z, dGram, dz, dz);
    }

    private static long gramFlop(Tensor z) {
        return 2 * z.size() * z.dimension(1);
    }

    @Override
    public void addMomentsGradient(Tensor z, Tensor statistics, Moments byMoments, Tensor dz) {
        watch(Kind.MOMENTS_GRADIENT, () -> kernels.addMomentsGradient(z, statistics, byMoments, dz), z, dz, dz);
    }

    @Override
    public void multiply(Tensor a, boolean transposeA, Tensor b, boolean transposeB, boolean accumulate, Tensor out) {
        int inner = a.dimension(transposeA ? 0 : 1);
        watch(
                Kind.MULTIPLY,
                2 * out.size() * inner,
                () -> kernels.multiply(a, transposeA, b, transposeB, accumulate, out),
                a,
                b,
                out);
    }

    @Override
    public void add(Tensor x, Tensor y) {
        watch(Kind.ADD, () -> kernels.add(x, y), x, y, y);
    }

    @Override
    public void descend(Tensor p, Tensor v, Tensor g, double rate, double momentum, double decay) {
        watch(Kind.DESCEND, () -> kernels.descend(p, v, g, rate, momentum, decay), p, p, v, v, g);
    }

    /** The primitives of {@link dev.reverie.gpu.tensor.Kernels}. */
    enum Kind {
        CONVOLVE("convolve"),
        ADJOINT_WEIGHTS("adjointWeights"),
        WEIGHT_GRADIENT("weightGradient"),
        CONVOLUTION_GRADIENTS("convolutionGradients"),
        NORM_RELU_POOL("normReluPool"),
        NORM_RELU_POOL_GRADIENT("normReluPoolGradient"),
        NORM_RELU_POOL_TANGENT("normReluPoolTangent"),
        NORM_RELU_POOL_GRADIENT_TANGENT("normReluPoolGradientTangent"),
        NORMALISE("normalise"),
        NORMALISE_GRADIENT("normaliseGradient"),
        ADD_AND_RECTIFY("addAndRectify"),
        RECTIFY_GRADIENT("rectifyGradient"),
        AVERAGE_POOL("averagePool"),
        AVERAGE_POOL_GRADIENT("averagePoolGradient"),
        GRAM("gram"),
        GRAM_GRADIENT("addGramGradient"),
        MOMENTS_GRADIENT("addMomentsGradient"),
        MULTIPLY("multiply"),
        ADD("add"),
        DESCEND("descend");

        private final String label;

        Kind(String label) {
            this.label = label;
        }

        /** The name of the kernel's method. */
        String label() {
            return label;
        }
    }
}
