package dev.reverie.jmh;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/** Measures a convolution with 128 output channels, applied to 16 images, and the gradients of this convolution. */
public class ConvolutionBenchmark extends KernelBenchmark {

    private static final int IMAGES = 16;
    private static final int OUT = 128;

    /** Number of input channels, and side of the images. */
    @Param({"1x32", "3x32", "128x16", "128x8"})
    String input = "";

    private Tensor x = kernels.allocate(1);
    private Tensor w = kernels.allocate(1);
    private Tensor y = kernels.allocate(1);
    private Tensor dx = kernels.allocate(1);
    private Tensor dw = kernels.allocate(1);

    @Setup
    public void allocate() {
        int channels = Integer.parseInt(input.substring(0, input.indexOf('x')));
        int side = Integer.parseInt(input.substring(input.indexOf('x') + 1));
        x = normal(IMAGES, channels, side, side);
        w = normal(OUT, channels, Kernels.KERNEL, Kernels.KERNEL);
        y = normal(IMAGES, OUT, side, side);
        dx = kernels.allocate(IMAGES, channels, side, side);
        dw = kernels.allocate(OUT, channels, Kernels.KERNEL, Kernels.KERNEL);
    }

    @Benchmark
    public Tensor convolve() {
        kernels.convolve(x, w, 1, y);
        return y;
    }

    @Benchmark
    public Tensor weightGradient() {
        kernels.weightGradient(x, y, 1, dw);
        return dw;
    }

    @Benchmark
    public Tensor convolutionGradients() {
        kernels.convolutionGradients(x, w, y, 1, dx, dw);
        return dx;
    }
}
