package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The state of the classes in a service or a run at one point in time, for the metrics.
 *
 * @param classes state of the classes, in the order of first arrival
 * @param damaged number of further classes, which are not served because their rows in the store are damaged; 1 if the
 *     list of classes is damaged; empty while the store is being read, and for a run, which has no store
 * @param storeBytes size in bytes of the events and snapshots in the store; empty if unknown
 */
public record MemorySnapshot(List<ClassMetrics> classes, OptionalInt damaged, OptionalLong storeBytes) {

    public static final MemorySnapshot EMPTY = new MemorySnapshot(List.of(), OptionalInt.empty(), OptionalLong.empty());

    public MemorySnapshot {
        classes = List.copyOf(classes);
    }

    /**
     * The state of one class.
     *
     * @param seen number of samples accepted so far
     * @param reservoir number of real images in the reservoir
     * @param images number of synthetic images stored
     * @param codedBytes size of the picture of the synthetic images; empty until it is known
     * @param matchingLoss matching loss of the last class step; empty before the first
     * @param updated time at which the synthetic images last changed
     * @param arrived time at which samples of the class last arrived; empty if none have since this process started
     */
    public record ClassMetrics(
            String label,
            ClassPhase phase,
            long seen,
            int reservoir,
            int images,
            OptionalLong codedBytes,
            OptionalDouble matchingLoss,
            Instant updated,
            Optional<Instant> arrived,
            LearningIndicators indicators) {}

    /**
     * Learning indicators of a class from the latest telemetry. An indicator is empty until this process has measured
     * it.
     *
     * @param represented time at which the representatives were last chosen
     * @param migration fraction of the representatives that were not among the previous ones
     * @param discrepancy discrepancy between the representatives and the images from which they were chosen, as
     *     computed by {@link dev.reverie.gpu.select.MeanDiscrepancy}
     * @param change root mean square change of the pixels of the synthetic images in the last inner loop, as a fraction
     *     of the pixels' range
     */
    public record LearningIndicators(
            Optional<Instant> represented,
            OptionalDouble migration,
            OptionalDouble discrepancy,
            OptionalDouble change) {

        public static final LearningIndicators NONE = new LearningIndicators(
                Optional.empty(), OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }
}
