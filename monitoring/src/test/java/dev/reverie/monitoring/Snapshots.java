package dev.reverie.monitoring;

import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.monitoring.MemorySnapshot.ClassMetrics;
import dev.reverie.monitoring.MemorySnapshot.LearningIndicators;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Snapshots of small services. */
final class Snapshots {

    private static final long REPRESENTED_BEFORE = 20;
    private static final int ARRIVED_AFTER = 3;

    private Snapshots() {}

    static MemorySnapshot ofThreeClasses() {
        return new MemorySnapshot(
                List.of(
                        of("cat", ClassPhase.DISTILLING, 700, OptionalDouble.of(1.5), 50),
                        of("dog", ClassPhase.CONVERGED, 800, OptionalDouble.of(2.5), 40),
                        of("a \"bird\"", ClassPhase.COLLECTING, 9, OptionalDouble.empty(), 60)),
                OptionalInt.of(2),
                OptionalLong.of(4096));
    }

    /** A class without indicators. */
    static ClassMetrics ofClass(String label, ClassPhase phase, long seen, OptionalDouble loss) {
        return new ClassMetrics(
                label,
                phase,
                seen,
                1,
                1,
                OptionalLong.empty(),
                loss,
                Instant.EPOCH,
                Optional.empty(),
                LearningIndicators.NONE);
    }

    private static ClassMetrics of(String label, ClassPhase phase, long seen, OptionalDouble loss, long updated) {
        Instant changed = Instant.ofEpochSecond(updated);
        Instant represented = changed.minusSeconds(REPRESENTED_BEFORE);
        LearningIndicators signs = new LearningIndicators(
                Optional.of(represented), OptionalDouble.of(0.25), OptionalDouble.empty(), OptionalDouble.of(0.125));
        return new ClassMetrics(
                label,
                phase,
                seen,
                5,
                10,
                phase == ClassPhase.COLLECTING ? OptionalLong.empty() : OptionalLong.of(seen),
                loss,
                changed,
                Optional.of(changed.plusSeconds(ARRIVED_AFTER)),
                signs);
    }
}
