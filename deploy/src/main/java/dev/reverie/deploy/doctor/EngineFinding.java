package dev.reverie.deploy.doctor;

import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * What is known about an engine.
 *
 * @param details version and build, if the application contains the engine
 * @param problem why it cannot be used, and what to do; empty if it can be used
 * @param product a matrix product, if the engine can be used
 * @param step one class step, if the engine can be used
 */
public record EngineFinding(
        EngineName engine,
        boolean usable,
        Optional<KernelEngine.Details> details,
        Optional<String> problem,
        Optional<EngineCheck.Timing> product,
        Optional<EngineCheck.Timing> step) {

    private static final double CPU_TOLERANCE = 1e-4;

    /** GPUs may round the factors of convolutions to 11 bits, which changes class steps of some methods by 3 %. */
    private static final double GPU_TOLERANCE = 5e-2;

    static EngineFinding absent(EngineName engine, String problem) {
        return new EngineFinding(
                engine, false, Optional.empty(), Optional.of(problem), Optional.empty(), Optional.empty());
    }

    static EngineFinding unusable(EngineName engine, KernelEngine.Details details, String problem) {
        return new EngineFinding(
                engine, false, Optional.of(details), Optional.of(problem), Optional.empty(), Optional.empty());
    }

    static EngineFinding usable(
            EngineName engine, KernelEngine.Details details, EngineCheck check, EngineCheck reference) {
        return new EngineFinding(
                engine,
                true,
                Optional.of(details),
                Optional.empty(),
                Optional.of(check.product().comparedWith(reference.product())),
                Optional.of(check.step().comparedWith(reference.step())));
    }

    /** The name of the library behind an engine. */
    static String label(EngineName engine) {
        return engine == EngineName.TORCH ? "libtorch" : engine.label();
    }

    /** The larger difference of its results from the reference; 0 if it cannot be used. */
    double difference() {
        return DoubleStream.concat(
                        product.stream().mapToDouble(EngineCheck.Timing::difference),
                        step.stream().mapToDouble(EngineCheck.Timing::difference))
                .reduce(0, Math::max);
    }

    /** The largest difference that rounding explains on the device of the engine. */
    double tolerance() {
        return details.filter(KernelEngine.Details::gpu).isPresent() ? GPU_TOLERANCE : CPU_TOLERANCE;
    }

    /** Whether rounding explains how its results differ; true if there are none. */
    boolean hasRightResults() {
        return difference() <= tolerance(); // false also if a result is not a number
    }
}
