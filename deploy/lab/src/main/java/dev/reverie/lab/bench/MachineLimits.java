package dev.reverie.lab.bench;

import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The peak rates that this machine reaches with the engine's kernels on all compute threads, as a reference for
 * profiles.
 *
 * @param gemmGflops rate of a product of large square matrices, in 10^9 operations per second
 * @param convolutionGflops rate of a wide convolution whose data stay in the cache, in 10^9 operations per second
 * @param copyGigabytesPerSecond rate of copying data that do not fit into the cache, in 10^9 bytes read or written per
 *     second
 */
public record MachineLimits(double gemmGflops, double convolutionGflops, double copyGigabytesPerSecond) {

    private static final int REPEATS = 12;
    private static final int SIDE = 1024;
    private static final int IMAGES = 16;
    private static final int WIDTH = 128;
    private static final int PIXELS = 16;
    private static final int COPIED = 1 << 24;

    /** The higher of the two computing rates. */
    public double gflops() {
        return Math.max(gemmGflops, convolutionGflops);
    }

    /** Measures the limits in about one second; the best of several repeats counts. */
    public static MachineLimits measure(Kernels kernels, int threads, LongSupplier nanos) {
        try (ComputeThreads open = new ComputeThreads(kernels, threads)) {
            return new MachineLimits(
                    best(open, nanos, MachineLimits::multiply),
                    best(open, nanos, MachineLimits::convolve),
                    best(open, nanos, MachineLimits::copy));
        }
    }

    private record Probe(double work, Runnable run) {}

    private static double best(ComputeThreads threads, LongSupplier nanos, Function<ThreadWorkspace, Probe> prepare) {
        List<Probe> probes = threads.map(threads.count(), (_, scratch) -> prepare.apply(scratch));
        double work = probes.stream().mapToDouble(Probe::work).sum();
        double best = 0;
        for (int repeat = 0; repeat < REPEATS; repeat++) {
            long start = nanos.getAsLong();
            threads.forEach(
                    threads.count(), workspace -> probes.get(workspace).run().run());
            best = Math.max(best, work / (nanos.getAsLong() - start));
        }
        threads.reset();
        return best;
    }

    private static Probe multiply(ThreadWorkspace scratch) {
        Tensor a = ones(scratch, SIDE, SIDE);
        Tensor out = scratch.take(SIDE, SIDE);
        return new Probe(2.0 * SIDE * SIDE * SIDE, () -> scratch.kernels()
                .multiply(Factor.of(a), Factor.transposed(a), false, out));
    }

    private static Probe convolve(ThreadWorkspace scratch) {
        Tensor x = ones(scratch, IMAGES, WIDTH, PIXELS, PIXELS);
        Tensor w = ones(scratch, WIDTH, WIDTH, Kernels.KERNEL, Kernels.KERNEL);
        Tensor y = scratch.take(IMAGES, WIDTH, PIXELS, PIXELS);
        double flop = 2.0 * y.size() * WIDTH * Kernels.KERNEL * Kernels.KERNEL;
        return new Probe(flop, () -> scratch.kernels().convolve(x, w, 1, y));
    }

    private static Probe copy(ThreadWorkspace scratch) {
        Tensor from = ones(scratch, COPIED);
        Tensor to = ones(scratch, COPIED);
        return new Probe(2.0 * Float.BYTES * COPIED, () -> from.copyTo(to, 0));
    }

    private static Tensor ones(ThreadWorkspace scratch, int... shape) {
        Tensor tensor = scratch.take(shape);
        tensor.fill(1);
        return tensor;
    }
}
