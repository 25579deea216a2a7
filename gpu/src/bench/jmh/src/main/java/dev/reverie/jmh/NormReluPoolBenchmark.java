package dev.reverie.jmh;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Measures the four passes of the norm-ReLU-pool for 16 images with 128 channels. */
public class NormReluPoolBenchmark extends KernelBenchmark {

    private static final int IMAGES = 16;
    private static final int CHANNELS = 128;

    /** Height and width. */
    @Param({"32", "16", "8"})
    int side;

    private final Affine affine = affine();
    private final Affine gradient = affine();
    private final Tensor statistics = kernels.allocate(IMAGES, CHANNELS, 2);
    // placeholders until the side is known
    private Tensor z = kernels.allocate(1);
    private Tensor zDot = kernels.allocate(1);
    private Tensor dz = kernels.allocate(1);
    private Tensor p = kernels.allocate(1);
    private Tensor dp = kernels.allocate(1);
    private Tensor dpDot = kernels.allocate(1);

    private Affine affine() {
        return new Affine(normal(CHANNELS), normal(CHANNELS));
    }

    @Setup
    public void allocate() {
        z = normal(IMAGES, CHANNELS, side, side);
        zDot = normal(IMAGES, CHANNELS, side, side);
        dz = kernels.allocate(IMAGES, CHANNELS, side, side);
        p = kernels.allocate(IMAGES, CHANNELS, side / 2, side / 2);
        dp = normal(IMAGES, CHANNELS, side / 2, side / 2);
        dpDot = normal(IMAGES, CHANNELS, side / 2, side / 2);
        kernels.normReluPool(z, affine, statistics, p); // computes the statistics, which the other passes read
    }

    @Benchmark
    public Tensor normReluPool() {
        kernels.normReluPool(z, affine, statistics, p);
        return p;
    }

    @Benchmark
    public Tensor normReluPoolGradient() {
        kernels.normReluPoolGradient(z, statistics, affine, dp, dz, gradient);
        return dz;
    }

    @Benchmark
    public Tensor normReluPoolTangent() {
        kernels.normReluPoolTangent(z, statistics, affine, zDot, affine, p);
        return p;
    }

    @Benchmark
    public Tensor normReluPoolGradientTangent() {
        kernels.normReluPoolGradientTangent(z, statistics, affine, zDot, affine, dp, dpDot, dz, gradient);
        return dz;
    }
}
