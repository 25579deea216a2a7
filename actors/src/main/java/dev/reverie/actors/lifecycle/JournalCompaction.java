package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.telemetry.ClassPhase;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotCompleted;

/**
 * Compacts the journal of a class: decides when a snapshot is due, and deletes the rows before a snapshot. If the class
 * is sealed, these rows contain the real images that it has dropped, so their deletion is repeated until it succeeds.
 * Not thread safe; one {@link DurableClassActor} owns it.
 */
final class JournalCompaction {

    /** Size in bytes below which a journal needs no snapshot. */
    private static final long SMALL_JOURNAL = 1 << 20;

    private final PersistenceId persistenceId;
    private final Retention retention;
    private final RealImageDeletion realImageDeletion;
    /** What was journalled since the last snapshot. */
    private long bytes;

    private long events;
    /** Sequence number of the last snapshot, if it was taken since the recovery. */
    private OptionalLong snapshot = OptionalLong.empty();

    /**
     * Creates the compaction of an empty journal.
     *
     * @param self the actor of the class
     * @param name name of the class in messages
     */
    JournalCompaction(ActorRef<ClassMessage> self, Retention retention, String name, PersistenceId persistenceId) {
        this.persistenceId = persistenceId;
        this.retention = retention;
        this.realImageDeletion = new RealImageDeletion(self, retention, name, persistenceId.id());
    }

    /** Notes an event that the journal has, or that is about to be written to it. */
    void add(ClassEvent event) {
        bytes += event.storedBytes();
        events++;
    }

    /**
     * Whether a snapshot is due after an event: the journal is larger than a snapshot, or the event seals the class,
     * whose real images must then be deleted.
     *
     * @param snapshotBytes approximate size of a snapshot in the store, in bytes
     */
    boolean isSnapshotDue(long snapshotBytes, ClassEvent event) {
        boolean isSealed = event instanceof ClassEvent.PhaseEntered(var phase) && phase == ClassPhase.SEALED;
        return isSealed || bytes > Math.max(SMALL_JOURNAL, snapshotBytes);
    }

    /** Deletes the rows before a snapshot that is durable. */
    void onSnapshot(ClassState state, SnapshotCompleted signal) {
        clear();
        snapshot = OptionalLong.of(signal.getSnapshotMetadata().sequenceNr());
        if (state.phase() == ClassPhase.SEALED) {
            realImageDeletion.deleteBefore(snapshot.getAsLong());
        } else {
            retention.trimAfter(persistenceId, signal);
        }
    }

    /** Lets the snapshot of a sealed class be repeated later. That of another class follows one of its next events. */
    void onSnapshotFailure(ClassState state, Throwable failure) {
        retention.onFailure(failure);
        if (state.phase() == ClassPhase.SEALED) {
            snapshot = OptionalLong.empty(); // events after an earlier snapshot contain real images
            realImageDeletion.retryAfter(failure);
        }
    }

    /**
     * Whether a sealed class needs a new snapshot before its real images can be deleted: events have followed the last
     * snapshot, whose sequence number is not known.
     */
    boolean needsSnapshot() {
        return snapshot.isEmpty() && events > 0;
    }

    /**
     * Deletes the real images of a sealed class whose journal {@linkplain #needsSnapshot needs no snapshot}.
     *
     * @param lastSequenceNumber sequence number of the last event
     */
    void deleteRealImages(long lastSequenceNumber) {
        realImageDeletion.deleteBefore(snapshot.orElse(lastSequenceNumber));
    }

    /** Forgets the journal, which the actor reads again after a failure. */
    void reset() {
        clear();
        snapshot = OptionalLong.empty();
    }

    private void clear() {
        bytes = 0;
        events = 0;
    }
}
