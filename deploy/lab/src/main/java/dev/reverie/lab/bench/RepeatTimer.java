package dev.reverie.lab.bench;

import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Times the repeats of a benchmark on the device that this build targets.
 *
 * @param nanos a monotonic clock in nanoseconds
 * @param repeats number of timed repeats, at least 1
 */
public record RepeatTimer(LongSupplier nanos, int repeats) {

    /** Enough for the JIT compiler and the memory pools to settle. */
    private static final int WARM_UP = 3;

    private static final double NANOS_PER_MILLI = 1e6;

    /** Returns the number of repeats, warm-up included. */
    public int totalRepeats() {
        return WARM_UP + repeats;
    }

    /**
     * Warms up, then times each repeat.
     *
     * @param onRepeat called with the number of completed repeats, warm-up included
     */
    public BenchReport time(BenchWorkload.Repeatable bench, Kernels kernels, IntConsumer onRepeat) {
        MachineLimits limits = MachineLimits.measure(kernels, Device.threads(), nanos);
        double[] millis = new double[repeats];
        try (BenchWorkload.Repeatable.PreparedBench work = bench.open(kernels, Device.threads())) {
            for (int repeat = 0; repeat < totalRepeats(); repeat++) {
                long start = nanos.getAsLong();
                work.repeat(repeat);
                double duration = (nanos.getAsLong() - start) / NANOS_PER_MILLI;
                if (repeat >= WARM_UP) {
                    millis[repeat - WARM_UP] = duration;
                }
                onRepeat.accept(repeat + 1);
            }
        }
        return BenchReport.of(bench, millis, flop(bench, kernels), limits);
    }

    /** Counts the floating-point operations of one repeat, which is not timed. */
    private double flop(BenchWorkload.Repeatable bench, Kernels kernels) {
        KernelProfile counted = new KernelProfile(nanos);
        try (BenchWorkload.Repeatable.PreparedBench work = bench.open(counted.profiling(kernels), Device.threads())) {
            counted.reset();
            work.repeat(0);
            return counted.flop();
        }
    }
}
