package dev.reverie.deploy.doctor;

import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/** Results of an engine for fixed inputs, the same for all engines: a matrix product, and one class step. */
record EngineCheck(TimedResult product, TimedResult step) {

    private static final int REPEATS = 10;
    private static final double NANOS_PER_MILLI = 1e6;

    /** Computes with the fastest kernels of an engine that is open. */
    static EngineCheck of(KernelEngine engine, LongSupplier nanos) {
        return compute(engine.kernels(), engine.threads(), REPEATS, nanos);
    }

    /** Computes with the reference kernels of an engine that is open, in double precision. */
    static EngineCheck exact(KernelEngine engine, LongSupplier nanos) {
        return compute(engine.referenceKernels(Precision.DOUBLE), 1, 1, nanos);
    }

    private static EngineCheck compute(Kernels kernels, int threads, int repeats, LongSupplier nanos) {
        try (Computation product = Computation.product(kernels);
                Computation step = Computation.classStep(kernels, threads)) {
            return new EngineCheck(time(product, repeats, nanos), time(step, repeats, nanos));
        }
    }

    private static TimedResult time(Computation computation, int repeats, LongSupplier nanos) {
        double[] result = computation.compute(); // loads code and allocates memory, which later repeats need not
        double millis = IntStream.range(0, repeats)
                .mapToDouble(_ -> {
                    long start = nanos.getAsLong();
                    computation.compute();
                    return (nanos.getAsLong() - start) / NANOS_PER_MILLI;
                })
                .min()
                .orElseThrow();
        return new TimedResult(result, millis);
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
