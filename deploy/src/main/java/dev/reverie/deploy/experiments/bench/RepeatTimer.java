package dev.reverie.deploy.experiments.bench;

import dev.reverie.gpu.profile.KernelProfile;
import dev.reverie.gpu.profile.MachineLimits;
import dev.reverie.gpu.tensor.Device;
import dev.reverie.gpu.tensor.Kernels;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/**
 * Times what can be repeated on this build's device.
 *
 * @param nanos a monotonic clock in nanoseconds
 * @param repeats timed repeats, at least 1
 */
public record RepeatTimer(LongSupplier nanos, int repeats) {

    /** Enough for the JIT and the working memory to settle. */
    private static final int WARM_UP = 3;

    private static final double NANOS_PER_MILLI = 1e6;

    /** Repeats in all, warm-up included. */
    public int rounds() {
        return WARM_UP + repeats;
    }

    /**
     * Warms up, then times each repeat.
     *
     * @param onRound told the number of rounds done, warm-up included
     */
    public BenchReport time(RepeatableBench bench, Kernels kernels, IntConsumer onRound) {
        MachineLimits limits = MachineLimits.measure(kernels, Device.threads(), nanos);
        double[] millis = new double[repeats];
        try (RepeatableBench.Work work = bench.open(kernels, Device.threads())) {
            for (int round = 0; round < rounds(); round++) {
                long start = nanos.getAsLong();
                work.repeat(round);
                double taken = (nanos.getAsLong() - start) / NANOS_PER_MILLI;
                if (round >= WARM_UP) {
                    millis[round - WARM_UP] = taken;
                }
                onRound.accept(round + 1);
            }
        }
        return BenchReport.of(bench, millis, flop(bench, kernels), limits);
    }

    /** Operations in one repeat, counted in one that is not timed. */
    private double flop(RepeatableBench bench, Kernels kernels) {
        KernelProfile counted = new KernelProfile(kernels, nanos);
        try (RepeatableBench.Work work = bench.open(counted, Device.threads())) {
            counted.reset();
            work.repeat(0);
            return counted.flop();
        }
    }
}
