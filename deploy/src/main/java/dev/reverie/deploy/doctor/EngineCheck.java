package dev.reverie.deploy.doctor;

import dev.reverie.deploy.experiments.bench.RepeatableBench;
import dev.reverie.deploy.experiments.bench.StepBench;
import dev.reverie.gpu.dataset.ImageShape;
import dev.reverie.gpu.method.Method;
import dev.reverie.gpu.method.StyleWeights;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Results of an engine for fixed inputs, the same for all engines: a matrix product, and one class step. */
record EngineCheck(TimedResult product, TimedResult step) {

    private static final int REPEATS = 10;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final RepeatableBench PRODUCT = new ProductBench(256);
    private static final RepeatableBench STEP =
            new StepBench(new ImageShape(3, 16, 16), 16, 2, 2, 16, Method.DREAM, StyleWeights.NONE);

    /** Computes with the fastest kernels of an engine that is open. */
    static EngineCheck of(KernelEngine engine, LongSupplier nanos) {
        return compute(engine.kernels(), engine.threads(), REPEATS, nanos);
    }

    /** Computes with the reference kernels of an engine that is open, in double precision. */
    static EngineCheck exact(KernelEngine engine, LongSupplier nanos) {
        return compute(engine.referenceKernels(Precision.DOUBLE), 1, 1, nanos);
    }

    private static EngineCheck compute(Kernels kernels, int threads, int repeats, LongSupplier nanos) {
        return new EngineCheck(
                compute(PRODUCT, kernels, threads, repeats, nanos), compute(STEP, kernels, threads, repeats, nanos));
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

    /** The larger of the differences of the two results from those of another engine. */
    double differenceFrom(EngineCheck other) {
        return Math.max(product.differenceFrom(other.product), step.differenceFrom(other.step));
    }

    /**
     * A result of an engine.
     *
     * @param ms the shortest time of a few repeats, in milliseconds
     * @param difference relative difference from the reference in double precision
     */
    record Timing(double ms, double difference) {}
}
