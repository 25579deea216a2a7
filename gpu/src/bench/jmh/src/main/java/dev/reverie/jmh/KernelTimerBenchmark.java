package dev.reverie.jmh;

import dev.reverie.gpu.tensor.KernelTimer;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OutputTimeUnit;

/**
 * Measures a kernel that does almost nothing, with and without timing. The difference between the two results is the
 * cost of timing one call.
 */
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class KernelTimerBenchmark extends KernelBenchmark {

    private final Kernels timed = new KernelTimer(System::nanoTime).timing(kernels);
    private final Tensor x = normal(1);
    private final Tensor y = normal(1);

    @Benchmark
    public Tensor bare() {
        kernels.add(x, y);
        return y;
    }

    @Benchmark
    public Tensor timed() {
        timed.add(x, y);
        return y;
    }
}
