package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * The classes of a service or a run at one point in time, for the metrics.
 *
 * @param classes in the order of first arrival
 * @param storeBytes size of the events and snapshots in the store; empty if unknown
 */
public record MemorySnapshot(List<ClassMetrics> classes, OptionalLong storeBytes) {

    /** No classes, and a store of unknown size. */
    public static final MemorySnapshot EMPTY = new MemorySnapshot(List.of(), OptionalLong.empty());

    public MemorySnapshot {
        classes = List.copyOf(classes);
    }

    /**
     * The state of one class.
     *
     * @param seen samples accepted so far
     * @param reservoir real images held now
     * @param images synthetic images stored now
     * @param matchingLoss of its last class step; empty before the first
     * @param updated when its synthetic images last changed
     */
    public record ClassMetrics(
            String label,
            ClassPhase phase,
            long seen,
            int reservoir,
            int images,
            OptionalDouble matchingLoss,
            Instant updated,
            LearningIndicators indicators) {}

    /**
     * Learning indicators of a class from the latest telemetry. An indicator is empty until this process has measured
     * it.
     *
     * @param represented when the representatives were last chosen
     * @param migration fraction of the representatives that were not representatives before
     * @param discrepancy between the representatives and the class, see {@link dev.reverie.gpu.select.MeanDiscrepancy}
     * @param change root mean square change of the pixels of the synthetic images in the last inner loop; their range
     *     is 1
     */
    public record LearningIndicators(
            Optional<Instant> represented,
            OptionalDouble migration,
            OptionalDouble discrepancy,
            OptionalDouble change) {

        /** No indicators yet. */
        public static final LearningIndicators NONE = new LearningIndicators(
                Optional.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }
}
