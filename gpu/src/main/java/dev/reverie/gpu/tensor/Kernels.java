package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.Optimiser.Sgd;
import java.util.Optional;

/**
 * The numerical primitives of a ConvNet, its gradient and the tangents of both, and those of a ResNet and its gradient.
 * An engine for another device implements this interface, or {@link DeviceKernels} if the host cannot use the memory,
 * {@link KernelEngine} and {@link Tensor}.
 *
 * <p>Images have the shape {@code [n, channels, height, width]}, convolution weights {@code [out, in, 3, 3]} or, in the
 * shortcuts of a ResNet, {@code [out, in, 1, 1]}; the stride is 1. The <em>norm-ReLU-pool</em> of a block, which
 * follows the block's convolution, consists of instance normalisation (biased variance, epsilon {@value #EPSILON}
 * inside the root), an affine map, ReLU, and 2x2 average pooling that drops an odd last row or column. Only two numbers
 * per plane are stored for the other passes, which recompute all other values from {@code z}; this is cheaper than
 * storing them.
 *
 * <p>Notation: {@code dX} is the derivative of a scalar with respect to X, and {@code xDot} is the derivative of X in a
 * direction. All outputs are overwritten. Several threads can use an implementation at the same time if their outputs
 * are disjoint.
 */
public interface Kernels {

    double EPSILON = 1e-5;

    /** The most samples in a micro-batch on a CPU. */
    int MICRO_BATCH = 16;

    /** Kernel height and width of the convolutions, except those of shortcuts. */
    int KERNEL = 3;

    Precision precision();

    /** These kernels with those that only a device has; empty on the host. */
    default Optional<DeviceKernels> device() {
        return Optional.empty();
    }

    /** Allocates a tensor with undefined content, which the caller owns. */
    Tensor allocate(int... shape);

    /**
     * Returns into how many micro-batches a batch should be divided, from 1 to {@code samples}. The number depends on
     * the size of the batch, on the kind of device and on its {@link BatchLimit}, not on the number of cores, so that
     * it does not change the last bits of sums over micro-batches. By default, the activations of a micro-batch fit
     * into the cache of a core, and the number is even if possible, because most machines have an even number of cores.
     *
     * @param samples size of the batch, at least 1
     */
    default int microBatches(int samples) {
        return Math.min(samples, 2 * Math.ceilDiv(samples, 2 * MICRO_BATCH));
    }

    /**
     * Computes the convolution {@code y = w * x}.
     *
     * @param x in: {@code [n, in, height, width]}
     * @param w in: {@code [out, in, side, side]}
     * @param padding width of the border of zeros around x; a negative one crops x by its absolute value
     * @param y out: {@code [n, out, height + 2 padding - side + 1, width + 2 padding - side + 1]}
     */
    void convolve(Tensor x, Tensor w, int padding, Tensor y);

    /**
     * Computes the weights with which {@link #convolve} computes its own adjoint: {@code [in, out, side, side]},
     * rotated by 180 degrees. The gradient of a convolution with padding p, with respect to x, is the convolution of dy
     * with these weights and padding {@code side - 1 - p}.
     */
    void adjointWeights(Tensor w, Tensor adjoint);

    /**
     * Computes the gradient of a convolution with respect to its weights only, as {@link #convolutionGradients} does.
     */
    void weightGradient(Tensor x, Tensor dy, int padding, Tensor dw);

    /**
     * Computes the gradients of a convolution with respect to its input and to its weights.
     *
     * @param x in: input of the convolution, {@code [n, in, height, width]}
     * @param w in: weights of the convolution, {@code [out, in, side, side]}
     * @param dy in: derivative with respect to y
     * @param padding width of the border of zeros around x, at least 0
     * @param dx out: derivative with respect to x, {@code [n, in, height, width]}
     * @param dw out: derivative with respect to w, {@code [out, in, side, side]}
     */
    void convolutionGradients(Tensor x, Tensor w, Tensor dy, int padding, Tensor dx, Tensor dw);

    /**
     * Computes the norm-ReLU-pool of a block.
     *
     * @param norm in: z and the affine map; out: the statistics
     * @param p out: result, {@code [n, c, h / 2, w / 2]}
     */
    void normReluPool(InstanceNorm norm, Tensor p);

    /**
     * Computes the gradient of {@link #normReluPool}.
     *
     * @param dp in: derivative with respect to p
     * @param dNorm out
     */
    void normReluPoolGradient(InstanceNorm norm, Tensor dp, NormDerivative dNorm);

    /** Computes the tangent of {@link #normReluPool}: the change of p along normDot. */
    void normReluPoolTangent(InstanceNorm norm, NormDerivative normDot, Tensor pDot);

    /**
     * Computes the tangent of {@link #normReluPoolGradient}.
     *
     * @param dpDot in: the change of dp
     * @param dNormDot out: the change of dNorm
     */
    void normReluPoolGradientTangent(
            InstanceNorm norm, NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot);

    /**
     * Computes the instance normalisation of a residual block: a norm-ReLU-pool without pooling, and without ReLU
     * unless {@code rectified}.
     *
     * @param norm in: z and the affine map; out: the statistics
     * @param y out: result, {@code [n, c, h, w]}
     */
    void normalise(InstanceNorm norm, boolean rectified, Tensor y);

    /**
     * Computes the gradient of {@link #normalise}.
     *
     * @param dy in: derivative with respect to y
     * @param dNorm out
     */
    void normaliseGradient(InstanceNorm norm, boolean rectified, Tensor dy, NormDerivative dNorm);

    /** Computes {@code y = max(x + y, 0)}. */
    void addAndRectify(Tensor x, Tensor y);

    /** Sets dy to zero where y, the result of {@link #addAndRectify}, is zero. */
    void rectifyGradient(Tensor y, Tensor dy);

    /**
     * Computes the averages of windows of x that do not overlap; rows and columns beyond the last whole window are
     * dropped.
     *
     * @param x in: {@code [n, c, h, w]}
     * @param p out: {@code [n, c, h / window.height, w / window.width]}
     */
    void averagePool(Tensor x, Window window, Tensor p);

    /**
     * Computes the gradient of {@link #averagePool}.
     *
     * @param dp in: derivative with respect to p
     * @param dx out: derivative with respect to x, {@code [n, c, h, w]}
     */
    void averagePoolGradient(Tensor dp, Window window, Tensor dx);

    /**
     * Computes the weighted sum of the samples' Gram matrices: element (c, d) is the sum, over samples and pixels, of
     * {@code weight z_c z_d}.
     *
     * @param z in: output of the convolution, {@code [n, c, h, w]}
     * @param gram out: {@code [c, c]}, symmetric
     */
    void gram(Tensor z, double[] weights, Tensor gram);

    /**
     * Adds the matrix product of {@code dGram} and each sample of z to that sample of dz. With {@code 2 weight} times
     * the derivative with respect to {@link #gram}, this adds the derivative with respect to z.
     *
     * @param dGram in: {@code [c, c]}, symmetric
     * @param dz in and out: {@code [n, c, h, w]}
     */
    void addGramGradient(Tensor z, Tensor dGram, Tensor dz);

    /**
     * Adds the gradient of the mean and the standard deviation of each plane.
     *
     * @param norm in: z and its statistics; the deviation is the inverse of the second statistic
     * @param byMoments in: derivatives with respect to the moments of any plane of a channel
     * @param dz in and out: {@code [n, c, h, w]}
     */
    void addMomentsGradient(InstanceNorm norm, Moments byMoments, Tensor dz);

    /** Computes the matrix product {@code out = a b} or, with {@code accumulate}, {@code out += a b}. */
    void multiply(Factor a, Factor b, boolean accumulate, Tensor out);

    /** Computes {@code y += x}. */
    void add(Tensor x, Tensor y);

    /**
     * Performs a step of SGD with momentum and weight decay: {@code v = momentum v + (g + decay p)}, {@code p -= rate
     * v}.
     */
    void descend(Tensor p, Tensor v, Tensor g, Sgd sgd);

    /**
     * The instance normalisation of the output of a convolution, and the affine map that follows.
     *
     * @param z output of the convolution, {@code [n, c, h, w]}
     * @param statistics mean and inverse standard deviation of each plane, {@code [n, c, 2]}
     */
    record InstanceNorm(Tensor z, Tensor statistics, Affine affine) {}

    /** A derivative with respect to z and the affine map of an {@link InstanceNorm}, or a direction of both. */
    record NormDerivative(Tensor z, Affine affine) {}

    /** A matrix, or its transpose, as a factor of a product. */
    record Factor(Tensor matrix, boolean isTransposed) {

        public static Factor of(Tensor matrix) {
            return new Factor(matrix, false);
        }

        public static Factor transposed(Tensor matrix) {
            return new Factor(matrix, true);
        }

        public int rows() {
            return matrix.dimension(isTransposed ? 1 : 0);
        }

        public int columns() {
            return matrix.dimension(isTransposed ? 0 : 1);
        }
    }

    /** Per-channel scale (gamma) and shift (beta) after a normalisation, both {@code [c]}. */
    record Affine(Tensor scale, Tensor shift) {}

    /** The size of a window, in pixels. */
    record Window(int height, int width) {

        /** The window that halves an image. */
        public static final Window OF_TWO = new Window(2, 2);

        /** The window that covers a plane of {@code image}. */
        public static Window whole(Tensor image) {
            return new Window(image.dimension(2), image.dimension(3));
        }
    }

    /** One value per channel for the mean and for the standard deviation of its planes, both {@code [c]}. */
    record Moments(Tensor mean, Tensor deviation) {}

    /** The precision of a tensor's elements: single for normal work, double for checking derivatives. */
    public enum Precision {
        SINGLE,
        DOUBLE
    }
}
