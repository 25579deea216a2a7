package dev.reverie.actors.lifecycle;

import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Instant;
import java.util.OptionalDouble;
import java.util.concurrent.atomic.AtomicLong;

/** What classes publish in tests, each time newer than before. */
public final class ClassInfos {

    private static final AtomicLong CHANGES = new AtomicLong();

    private ClassInfos() {}

    /**
     * A class of the first epoch, with all its samples in the reservoir, two synthetic images and three inner loops.
     */
    public static ClassInfo of(int index, String label, ClassPhase phase, long seen) {
        return of(index, label, phase, seen, false, 1);
    }

    public static ClassInfo of(
            int index, String label, ClassPhase phase, long seen, boolean sealRequested, long epoch) {
        return new ClassInfo(
                label,
                index,
                phase,
                seen,
                Math.toIntExact(seen),
                2,
                3,
                OptionalDouble.empty(),
                Instant.EPOCH,
                sealRequested,
                false,
                50,
                new ClassInfo.Version(epoch, seen, CHANGES.incrementAndGet()));
    }
}
