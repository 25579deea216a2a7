package dev.reverie.jmh;

import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A convolution of 16 images to 128 channels, and its gradients. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--enable-native-access=ALL-UNNAMED", "--add-modules=jdk.incubator.vector"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ConvolutionBenchmark {

    private static final int IMAGES = 16;
    private static final int OUT = 128;

    /** Input channels, and height and width. */
    @Param({"1x32", "3x32", "128x16", "128x8"})
    String input = "";

    private final Kernels kernels = Device.kernels();
    private Tensor x = kernels.allocate(1);
    private Tensor w = kernels.allocate(1);
    private Tensor y = kernels.allocate(1);
    private Tensor dx = kernels.allocate(1);
    private Tensor dw = kernels.allocate(1);

    @Setup
    public void allocate() {
        int channels = Integer.parseInt(input.substring(0, input.indexOf('x')));
        int side = Integer.parseInt(input.substring(input.indexOf('x') + 1));
        x = Tensors.normal(kernels, IMAGES, channels, side, side);
        w = Tensors.normal(kernels, OUT, channels, Kernels.KERNEL, Kernels.KERNEL);
        y = Tensors.normal(kernels, IMAGES, OUT, side, side);
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
