package dev.reverie.deploy.doctor;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import java.util.List;
import java.util.Optional;

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
        List<EngineFinding> engines,
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
                .anyMatch(finding ->
                        start.engine().filter(name -> name == finding.engine()).isPresent()
                                && finding.usable()
                                && finding.hasRightResults());
    }

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
