package dev.reverie.deploy.doctor;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the doctor has found.
 *
 * @param engines every engine that Reverie knows, in the order of their names
 * @param nvidia NVIDIA's driver, if it is installed
 * @param start the engine that a start with the same environment uses
 * @param results how well the engines agree; empty if none can be used
 * @param advice sentences that say what to do
 */
public record Diagnosis(
        List<Finding> engines,
        Optional<NvidiaDriver> nvidia,
        Start start,
        Optional<Results> results,
        List<String> advice,
        Machine machine) {

    public Diagnosis {
        engines = List.copyOf(engines);
        advice = List.copyOf(advice);
    }

    /** Whether the engine that a start uses can be used and computes correctly. */
    public boolean works() {
        return engines.stream()
                .filter(finding -> start.engine().equals(Optional.of(finding.engine())))
                .anyMatch(finding -> finding.usable() && finding.hasRightResults());
    }

    /**
     * What is known about an engine.
     *
     * @param details version and build, if the application contains the engine
     * @param problem why it cannot be used, and what to do; empty if it can be used
     * @param product a matrix product, if the engine can be used
     * @param step one class step, if the engine can be used
     */
    public record Finding(
            EngineName engine,
            boolean usable,
            Optional<KernelEngine.Details> details,
            Optional<String> problem,
            Optional<Timing> product,
            Optional<Timing> step) {

        private static final double CPU_TOLERANCE = 1e-4;

        /** GPUs may round the factors of convolutions to 11 bits, which changes class steps of some methods by 3 %. */
        private static final double GPU_TOLERANCE = 5e-2;

        static Finding unusable(EngineName engine, Optional<KernelEngine.Details> details, String problem) {
            return new Finding(engine, false, details, Optional.of(problem), Optional.empty(), Optional.empty());
        }

        /** The larger difference of its results from the reference; 0 if it cannot be used. */
        double difference() {
            return Stream.concat(product.stream(), step.stream())
                    .mapToDouble(Timing::difference)
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

    /**
     * A result of an engine.
     *
     * @param ms the shortest time of a few repeats, in milliseconds
     * @param difference relative difference from the reference in double precision
     */
    public record Timing(double ms, double difference) {}

    /**
     * The engine that a start uses.
     *
     * @param engine empty if the application does not contain the engine that is wanted
     * @param reason why it is this one, or why it is none
     */
    public record Start(Optional<EngineName> engine, String reason) {}

    /**
     * The largest relative differences between results.
     *
     * @param fromDouble between an engine and the reference kernels in double precision
     * @param betweenEngines between two engines; empty if only one can be used
     * @param tolerance the largest difference that rounding explains
     * @param agree whether no difference is larger
     */
    public record Results(double fromDouble, Optional<Double> betweenEngines, double tolerance, boolean agree) {}

    /**
     * The machine.
     *
     * @param memoryBytes size of its memory, if known
     * @param heapBytes memory that Java may use for objects
     */
    public record Machine(
            String system, Optional<String> processor, int cores, Optional<Long> memoryBytes, long heapBytes) {}
}
