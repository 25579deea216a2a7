package dev.reverie.actors.lifecycle;

import dev.reverie.actors.telemetry.ClassPhase;

/**
 * Estimates how many bytes a class has journalled since its last snapshot, and decides when the next snapshot is due.
 * Not thread safe.
 */
final class JournalSize {

    /** Size in bytes below which a journal needs no snapshot. */
    private static final long MINIMUM = 1 << 20;

    private long bytes;
    private long events;

    void add(ClassEvent event) {
        bytes += event.storedBytes();
        events++;
    }

    /** Resets the size to 0, after a snapshot or before a recovery, which adds the events again. */
    void reset() {
        bytes = 0;
        events = 0;
    }

    /**
     * Whether the journal is larger than a snapshot, or this event seals the class, whose real images must then be
     * deleted.
     *
     * @param snapshotBytes approximate size of a snapshot in the store, in bytes
     */
    boolean isSnapshotDue(long snapshotBytes, ClassEvent event) {
        boolean isSealed = event instanceof ClassEvent.PhaseEntered(var phase) && phase == ClassPhase.SEALED;
        return isSealed || bytes > Math.max(MINIMUM, snapshotBytes);
    }

    /** Whether nothing has been journalled since the last snapshot. */
    boolean isEmpty() {
        return events == 0;
    }
}
