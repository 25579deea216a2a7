package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.torch.CudaModule.CudaFunction;
import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The norm-ReLU-pool of a block and its derivatives as one function of the GPU each ({@code kernels.cu}). Operations of
 * libtorch would take up to sixty launches for a derivative, and read the images in most of them.
 */
final class CudaNormReluPool {

    private static final int WARP = 32;
    private static final int MOST_THREADS = 512;
    private static final int MOST_THREADS_OF_SUM = 256;
    /** Number of channels that a thread computes. */
    private static final int VECTOR = 4;

    private final TorchMemory memory;
    private final Precision precision;
    private final List<Variant> output;
    private final List<Variant> gradient;
    private final List<Variant> tangent;
    private final List<Variant> gradientTangent;
    private final CudaFunction sumSamples;

    /**
     * How a function divides an image.
     *
     * @param lanes number of neighbouring threads that compute different channels
     * @param windows number of pooling windows that a thread computes
     */
    private record Variant(int lanes, int windows, CudaFunction function) {

        static Variant of(CudaModule module, String name, int lanes, int windows) {
            return new Variant(lanes, windows, module.function(name + "_" + lanes + "x" + windows));
        }

        /** Number of threads of a block, a multiple of the size of a warp. */
        int threads(Tensor z) {
            int ofImage = Math.ceilDiv(z.dimension(2), 2) * Math.ceilDiv(z.dimension(3), 2);
            return Math.ceilDiv(Math.ceilDiv(ofImage, windows) * lanes, WARP) * WARP;
        }

        int blocks(Tensor z) {
            return z.dimension(0) * Math.ceilDiv(z.dimension(1), VECTOR * lanes);
        }

        void launch(Tensor z, long... arguments) {
            function.launch(blocks(z), threads(z), arguments);
        }
    }

    CudaNormReluPool(CudaModule module, Precision precision, TorchMemory memory) {
        this.memory = memory;
        this.precision = precision;
        this.output = variants(module, "norm_relu_pool", 4, 2);
        this.gradient = variants(module, "norm_relu_pool_gradient", 2, 1);
        this.tangent = variants(module, "norm_relu_pool_tangent", 4, 2);
        this.gradientTangent = variants(module, "norm_relu_pool_gradient_tangent", 2, 1);
        this.sumSamples = module.function("sum_samples");
    }

    /** The variants of a function, of which those for small images, which are the fastest, come first. */
    private static List<Variant> variants(CudaModule module, String name, int lanes, int windows) {
        return List.of(
                Variant.of(module, name, lanes, windows),
                Variant.of(module, name, 2, 2),
                Variant.of(module, name, 2, 4),
                Variant.of(module, name, 1, 8));
    }

    /** Whether the functions can compute images of this size. */
    boolean computes(InstanceNorm norm) {
        return norm.z().dimension(1) % VECTOR == 0 && output.getLast().threads(norm.z()) <= MOST_THREADS;
    }

    void output(InstanceNorm norm, Tensor p) {
        launch(
                output,
                norm.z(),
                images(norm.z()),
                address(norm.affine().scale()),
                address(norm.affine().shift()),
                address(norm.statistics()),
                imagesToWrite(p));
    }

    void gradient(InstanceNorm norm, Tensor dp, NormDerivative dNorm) {
        try (Tensor parts = parts(norm.z())) {
            launch(gradient, norm, images(dp), imagesToWrite(dNorm.z()), scaleParts(parts), shiftParts(parts));
            sum(parts, dNorm.affine());
        }
    }

    void tangent(InstanceNorm norm, NormDerivative normDot, Tensor pDot) {
        launch(
                tangent,
                norm,
                images(normDot.z()),
                address(normDot.affine().scale()),
                address(normDot.affine().shift()),
                imagesToWrite(pDot));
    }

    void gradientTangent(InstanceNorm norm, NormDerivative normDot, Tensor dp, Tensor dpDot, NormDerivative dNormDot) {
        try (Tensor parts = parts(norm.z())) {
            launch(
                    gradientTangent,
                    norm,
                    images(normDot.z()),
                    address(normDot.affine().scale()),
                    images(dp),
                    images(dpDot),
                    imagesToWrite(dNormDot.z()),
                    scaleParts(parts),
                    shiftParts(parts));
            sum(parts, dNormDot.affine());
        }
    }

    /** Memory for the parts of the derivatives with respect to scale and shift, one of each for every plane. */
    private Tensor parts(Tensor z) {
        return memory.allocate(precision, 2, z.dimension(0), z.dimension(1));
    }

    private static long scaleParts(Tensor parts) {
        return address(parts);
    }

    private long shiftParts(Tensor parts) {
        return address(parts) + parts.size() / 2 * (precision == Precision.SINGLE ? Float.BYTES : Double.BYTES);
    }

    private void sum(Tensor parts, Affine affine) {
        int samples = parts.dimension(1);
        int channels = parts.dimension(2);
        sumSamples.launch(
                channels,
                Math.clamp(powerOfTwo(samples), WARP, MOST_THREADS_OF_SUM),
                scaleParts(parts),
                shiftParts(parts),
                address(affine.scale()),
                address(affine.shift()),
                samples,
                channels);
    }

    /** Where the elements are in the memory of the GPU. */
    static long address(Tensor tensor) {
        return address(TorchValue.value(tensor));
    }

    private static long address(org.bytedeco.pytorch.Tensor value) {
        return value.data_ptr().address();
    }

    /** Where images are, or the weights of a convolution, with the channels of a pixel next to each other. */
    static long images(Tensor tensor) {
        return address(TorchValue.images(tensor));
    }

    /** Where to write images or weights in this order; their content becomes undefined. */
    static long imagesToWrite(Tensor tensor) {
        return address(((TorchDeviceTensor) tensor).imagesToWrite());
    }

    /** Launches a function that recomputes the forward pass from {@code z}, whose addresses it takes first. */
    private static void launch(List<Variant> variants, InstanceNorm norm, long... more) {
        long[] recomputed = {
            images(norm.z()),
            address(norm.statistics()),
            address(norm.affine().scale()),
            address(norm.affine().shift())
        };
        launch(
                variants,
                norm.z(),
                LongStream.concat(Arrays.stream(recomputed), Arrays.stream(more))
                        .toArray());
    }

    /** Launches a function, which takes the sizes of {@code z} last. */
    private static void launch(List<Variant> variants, Tensor z, long... addresses) {
        long[] arguments = Arrays.copyOf(addresses, addresses.length + 3);
        for (int i = 0; i < 3; i++) {
            arguments[addresses.length + i] = z.dimension(1 + i);
        }
        variants.stream()
                .filter(variant -> variant.threads(z) <= MOST_THREADS)
                .findFirst()
                .orElseThrow()
                .launch(z, arguments);
    }

    /** The smallest power of two that is at least {@code number}. */
    private static int powerOfTwo(int number) {
        return number <= 1 ? 1 : Integer.highestOneBit(number - 1) << 1;
    }
}
