package dev.reverie.jmh;

import dev.reverie.gpu.tensor.Kernels.Affine;
import dev.reverie.gpu.tensor.Kernels.InstanceNorm;
import dev.reverie.gpu.tensor.Kernels.NormDerivative;
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
    private InstanceNorm norm = new InstanceNorm(kernels.allocate(1), statistics, affine);
    private NormDerivative normDot = new NormDerivative(kernels.allocate(1), affine);
    private NormDerivative dNorm = new NormDerivative(kernels.allocate(1), gradient);
    private Tensor p = kernels.allocate(1);
    private Tensor dp = kernels.allocate(1);
    private Tensor dpDot = kernels.allocate(1);

    private Affine affine() {
        return new Affine(normal(CHANNELS), normal(CHANNELS));
    }

    @Setup
    public void allocate() {
        norm = new InstanceNorm(normal(IMAGES, CHANNELS, side, side), statistics, affine);
        normDot = new NormDerivative(normal(IMAGES, CHANNELS, side, side), affine);
        dNorm = new NormDerivative(kernels.allocate(IMAGES, CHANNELS, side, side), gradient);
        p = kernels.allocate(IMAGES, CHANNELS, side / 2, side / 2);
        dp = normal(IMAGES, CHANNELS, side / 2, side / 2);
        dpDot = normal(IMAGES, CHANNELS, side / 2, side / 2);
        kernels.normReluPool(norm, p); // computes the statistics, which the other passes read
    }

    @Benchmark
    public Tensor normReluPool() {
        kernels.normReluPool(norm, p);
        return p;
    }

    @Benchmark
    public Tensor normReluPoolGradient() {
        kernels.normReluPoolGradient(norm, dp, dNorm);
        return dNorm.z();
    }

    @Benchmark
    public Tensor normReluPoolTangent() {
        kernels.normReluPoolTangent(norm, normDot, p);
        return p;
    }

    @Benchmark
    public Tensor normReluPoolGradientTangent() {
        kernels.normReluPoolGradientTangent(norm, normDot, dp, dpDot, dNorm);
        return dNorm.z();
    }
}
