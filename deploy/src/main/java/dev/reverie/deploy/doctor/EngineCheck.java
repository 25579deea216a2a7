package dev.reverie.deploy.doctor;

import dev.reverie.deploy.experiments.bench.RepeatableBench;
import dev.reverie.deploy.experiments.bench.StepBench;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.StyleWeights;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import java.util.List;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/**
 * What an engine has computed from the same numbers as every other one: a matrix product, and one class step.
 *
 * @param fast results of its fastest kernels
 * @param exact results of its reference kernels in double precision
 */
record EngineCheck(List<TimedResult> fast, List<TimedResult> exact) {

    private static final int REPEATS = 10;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final List<RepeatableBench> WORK = List.of(
            new ProductBench(256),
            new StepBench(new ImageShape(3, 16, 16), 16, 2, 2, 16, Method.DREAM, StyleWeights.NONE));

    /** Index of the matrix product in {@link #WORK} and in the results. */
    private static final int PRODUCT = 0;

    /** Index of the class step in {@link #WORK} and in the results. */
    private static final int STEP = 1;

    EngineCheck {
        fast = List.copyOf(fast);
        exact = List.copyOf(exact);
    }

    /** Computes on an engine that is open. */
    static EngineCheck of(KernelEngine engine, LongSupplier nanos) {
        return new EngineCheck(
                compute(engine.kernels(), engine.threads(), REPEATS, nanos),
                compute(engine.referenceKernels(Precision.DOUBLE), 1, 1, nanos));
    }

    private static List<TimedResult> compute(Kernels kernels, int threads, int repeats, LongSupplier nanos) {
        return WORK.stream()
                .map(work -> compute(work, kernels, threads, repeats, nanos))
                .toList();
    }

    private static TimedResult compute(
            RepeatableBench bench, Kernels kernels, int threads, int repeats, LongSupplier nanos) {
        try (RepeatableBench.PreparedBench work = bench.open(kernels, threads)) {
            work.repeat(0); // loads code and allocates memory, which later repeats need not
            double millis = IntStream.range(0, repeats)
                    .mapToDouble(_ -> {
                        long start = nanos.getAsLong();
                        work.repeat(0);
                        return (nanos.getAsLong() - start) / NANOS_PER_MILLI;
                    })
                    .min()
                    .orElseThrow();
            return new TimedResult(work.result(), millis);
        }
    }

    Timing product(EngineCheck reference) {
        return timing(PRODUCT, reference);
    }

    Timing step(EngineCheck reference) {
        return timing(STEP, reference);
    }

    private Timing timing(int work, EngineCheck reference) {
        return new Timing(fast.get(work).millis(), fast.get(work).differenceFrom(reference.exact.get(work)));
    }

    /** The larger of the differences of the two results from those of another engine. */
    double differenceFrom(EngineCheck other) {
        return IntStream.range(0, fast.size())
                .mapToDouble(work -> fast.get(work).differenceFrom(other.fast.get(work)))
                .reduce(0, Math::max);
    }

    /**
     * A result of an engine.
     *
     * @param ms the shortest time of a few repeats, in milliseconds
     * @param difference relative difference from the reference in double precision
     */
    record Timing(double ms, double difference) {}
}
