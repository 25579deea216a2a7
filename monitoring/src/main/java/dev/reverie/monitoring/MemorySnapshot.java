package dev.reverie.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a service or a run has at one moment.
 *
 * @param classes in the order of first arrival
 * @param storeBytes that events and snapshots take up in the store; empty if it was not measured
 */
public record MemorySnapshot(List<ClassSnapshot> classes, OptionalLong storeBytes) {

    /** Before anything is known. */
    public static final MemorySnapshot EMPTY = new MemorySnapshot(List.of(), OptionalLong.empty());

    public MemorySnapshot {
        classes = List.copyOf(classes);
    }

    /**
     * One class.
     *
     * @param seen samples accepted so far
     * @param reservoir real images held now
     * @param images synthetic images stored now
     * @param matchingLoss of its last class step; empty before the first
     * @param updated when its synthetic images last changed
     */
    public record ClassSnapshot(
            String label,
            Phase phase,
            long seen,
            int reservoir,
            int images,
            OptionalDouble matchingLoss,
            Instant updated,
            Signs signs) {}

    /**
     * How the learning of a class goes, as telemetry told last; each is empty if it did not since this process began.
     *
     * @param represented when its representatives were chosen
     * @param migration share of these that were not representatives before
     * @param discrepancy how far these are from standing for the class, see
     *     {@link dev.reverie.gpu.select.MeanDiscrepancy}
     * @param change root mean square of what an inner loop changed in a pixel of its synthetic images, whose range is 1
     */
    public record Signs(
            Optional<Instant> represented,
            OptionalDouble migration,
            OptionalDouble discrepancy,
            OptionalDouble change) {

        /** Telemetry has told nothing. */
        public static final Signs NONE =
                new Signs(Optional.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    /** Stages in the life of a class; their names in lower case are the values of the label {@code phase}. */
    public enum Phase {
        COLLECTING,
        DISTILLING,
        CONVERGED,
        SEALED
    }
}
