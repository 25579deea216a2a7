package dev.reverie.monitoring;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What a service has at one moment.
 *
 * @param classes in the order of first arrival
 * @param storeBytes that events and snapshots take up in the store; empty if it was not measured
 */
public record ServiceSnapshot(List<ClassSnapshot> classes, OptionalLong storeBytes) {

    /** Before anything is known. */
    public static final ServiceSnapshot EMPTY = new ServiceSnapshot(List.of(), OptionalLong.empty());

    public ServiceSnapshot {
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
     * @param represented when its representatives were last chosen; empty if not since this process began
     */
    public record ClassSnapshot(
            String label,
            Phase phase,
            long seen,
            int reservoir,
            int images,
            OptionalDouble matchingLoss,
            Instant updated,
            Optional<Instant> represented) {}

    /** Stages in the life of a class; their names in lower case are the values of the label {@code phase}. */
    public enum Phase {
        COLLECTING,
        DISTILLING,
        CONVERGED,
        SEALED
    }
}
