package dev.reverie.gpu.torch;

import dev.reverie.gpu.nvidia.CudaFunction;
import dev.reverie.gpu.nvidia.CudaModule;
import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.LongStream;

/**
 * The norm-ReLU-pool of a block and its derivatives as one function of the GPU each ({@code kernels.cu}). Operations of
 * libtorch would take up to sixty launches for a derivative, and read the images in most of them.
 */
final class CudaNormReluPool {

    private static final int WARP = 32;
    private static final int MOST_THREADS = 256;
    /** Enough to hide the latency of the memory, few enough for many thread blocks on a processor. */
    private static final int PIXELS_PER_THREAD = 8;

    private final TorchMemory memory;
    private final Precision precision;
    private final CudaFunction forward;
    private final CudaFunction gradient;
    private final CudaFunction tangent;
    private final CudaFunction gradientTangent;
    private final CudaFunction sumSamples;

    CudaNormReluPool(CudaModule module, Precision precision, TorchMemory memory) {
        this.memory = memory;
        this.precision = precision;
        this.forward = module.function("norm_relu_pool");
        this.gradient = module.function("norm_relu_pool_gradient");
        this.tangent = module.function("norm_relu_pool_tangent");
        this.gradientTangent = module.function("norm_relu_pool_gradient_tangent");
        this.sumSamples = module.function("sum_samples");
    }

    void output(Tensor z, Affine affine, Tensor statistics, Tensor p) {
        launch(
                forward,
                z,
                address(z),
                address(affine.scale()),
                address(affine.shift()),
                address(statistics),
                address(p));
    }

    void gradient(Tensor z, Tensor statistics, Affine affine, Tensor dp, Tensor dz, Affine dAffine) {
        try (Tensor parts = parts(z)) {
            launch(gradient, z, statistics, affine, address(dp), address(dz), scaleParts(parts), shiftParts(parts));
            sum(parts, dAffine);
        }
    }

    void tangent(Tensor z, Tensor statistics, Affine affine, Tensor zDot, Affine affineDot, Tensor pDot) {
        launch(
                tangent,
                z,
                statistics,
                affine,
                address(zDot),
                address(affineDot.scale()),
                address(affineDot.shift()),
                address(pDot));
    }

    void gradientTangent(
            Tensor z,
            Tensor statistics,
            Affine affine,
            Tensor zDot,
            Affine affineDot,
            Tensor dp,
            Tensor dpDot,
            Tensor dzDot,
            Affine dAffineDot) {
        try (Tensor parts = parts(z)) {
            launch(
                    gradientTangent,
                    z,
                    statistics,
                    affine,
                    address(zDot),
                    address(affineDot.scale()),
                    address(dp),
                    address(dpDot),
                    address(dzDot),
                    scaleParts(parts),
                    shiftParts(parts));
            sum(parts, dAffineDot);
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
                Math.clamp(powerOfTwo(samples), WARP, MOST_THREADS),
                1,
                scaleParts(parts),
                shiftParts(parts),
                address(affine.scale()),
                address(affine.shift()),
                samples,
                channels);
    }

    /** Where the elements are in the memory of the GPU. */
    static long address(Tensor tensor) {
        return TorchValue.value(tensor).data_ptr().address();
    }

    /** Launches a function that recomputes the forward pass from {@code z}, whose addresses it takes first. */
    private static void launch(CudaFunction function, Tensor z, Tensor statistics, Affine affine, long... more) {
        long[] recomputed = {address(z), address(statistics), address(affine.scale()), address(affine.shift())};
        launch(
                function,
                z,
                LongStream.concat(Arrays.stream(recomputed), Arrays.stream(more))
                        .toArray());
    }

    /** Launches a function with a thread block for every plane of {@code z}, whose sizes it takes last. */
    private static void launch(CudaFunction function, Tensor z, long... addresses) {
        int height = z.dimension(2);
        int width = z.dimension(3);
        int threads = Math.clamp(powerOfTwo(height * width / PIXELS_PER_THREAD), WARP, MOST_THREADS);
        int columns = Math.min(powerOfTwo(width), WARP);
        long[] arguments = Arrays.copyOf(addresses, addresses.length + 3);
        arguments[addresses.length] = z.dimension(1);
        arguments[addresses.length + 1] = height;
        arguments[addresses.length + 2] = width;
        function.launch(z.dimension(0) * z.dimension(1), columns, threads / columns, arguments);
    }

    /** The smallest power of two that is at least {@code number}. */
    private static int powerOfTwo(int number) {
        return number <= 1 ? 1 : Integer.highestOneBit(number - 1) << 1;
    }
}
