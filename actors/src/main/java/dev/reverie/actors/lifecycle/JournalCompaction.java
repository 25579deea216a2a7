package dev.reverie.actors.lifecycle;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.telemetry.ClassPhase;
import java.time.Duration;
import java.util.OptionalLong;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compacts the journal of a class: decides when a snapshot is due, and deletes the rows before a snapshot. If the class
 * is sealed, these rows contain the real images that it has dropped, so their deletion is repeated until it succeeds.
 * Not thread safe but for what follows a deletion; one {@link DurableClassActor} owns it.
 */
final class JournalCompaction {

    /** Size in bytes below which a journal needs no snapshot. */
    private static final long SMALL_JOURNAL = 1 << 20;

    /** Time after which a failed deletion of real images is tried again. */
    static final Duration PAUSE = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(JournalCompaction.class);

    private final ActorRef<ClassMessage> self;
    private final Retention retention;
    private final String name;
    private final PersistenceId persistenceId;
    private final ThrottledWarning warning = new ThrottledWarning();
    /** What was journalled since the last snapshot. */
    private long bytes;

    private long events;
    /** Sequence number of the last snapshot, if it was taken since the recovery. */
    private OptionalLong snapshot = OptionalLong.empty();

    /**
     * Creates the compaction of an empty journal.
     *
     * @param self the actor of the class, which is reminded to compact its journal after a failure
     * @param name name of the class in messages
     */
    JournalCompaction(ActorRef<ClassMessage> self, Retention retention, String name, PersistenceId persistenceId) {
        this.self = self;
        this.retention = retention;
        this.name = name;
        this.persistenceId = persistenceId;
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
            deleteRealImages(snapshot.getAsLong());
        } else {
            retention.trimAfter(persistenceId, signal);
        }
    }

    /** Lets the snapshot of a sealed class be repeated later. That of another class follows one of its next events. */
    void onSnapshotFailure(ClassState state, Throwable failure) {
        retention.onFailure(failure);
        if (state.phase() == ClassPhase.SEALED) {
            snapshot = OptionalLong.empty(); // events after an earlier snapshot contain real images
            retryAfter(failure);
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
        long before = snapshot.orElse(lastSequenceNumber);
        retention.trim(persistenceId.id(), before).whenComplete((_, failure) -> {
            if (failure == null) {
                warning.reset();
            } else {
                retryAfter(failure);
            }
        });
    }

    /**
     * Tries again later, because a sealed class hardly ever takes another snapshot.
     *
     * @param failure failure of the deletion, or of the snapshot that must precede it
     */
    private void retryAfter(Throwable failure) {
        if (warning.isDue(StoreFailure.of(failure))) {
            LOG.warn(
                    "Could not delete the real images of the sealed class '{}' from the store: {}. The service tries"
                            + " again every {} s.",
                    name,
                    Asks.reasonOf(Asks.causeOf(failure)),
                    PAUSE.toSeconds());
        }
        self.tell(ClassReminder.COMPACT_LATER);
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
