package dev.reverie.actors.store;

import dev.reverie.actors.Asks;
import java.util.concurrent.CompletionStage;
import java.util.function.Predicate;
import org.apache.pekko.Done;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.slf4j.LoggerFactory;

/** Deletes obsolete data from the store, and says whether the store accepts writes. Thread safe. */
public interface Retention {

    /** Whether the store accepts no writes now, because its disk is full. It can still be read. */
    default boolean isReadOnly() {
        return false;
    }

    /** Notes that an actor could not read or write the store. */
    default void onFailure(Throwable failure) {}

    /** Deletes the events and snapshots that precede a durable snapshot. */
    CompletionStage<Done> trim(String persistenceId, long snapshotSequenceNumber);

    /** Like {@link #trim}, but only logs a failure, because the next snapshot tries again. */
    default void trimAfter(PersistenceId persistenceId, SnapshotCompleted snapshot) {
        trim(persistenceId.id(), snapshot.getSnapshotMetadata().sequenceNr()).whenComplete((done, failure) -> {
            if (failure != null) {
                LoggerFactory.getLogger(Retention.class)
                        .warn(
                                "Could not delete old events of {}: {}. The next snapshot tries again; nothing needs"
                                        + " to be done.",
                                persistenceId.id(),
                                Asks.reasonOf(Asks.causeOf(failure)));
            }
        });
    }

    /** Deletes all events and snapshots of an actor, which must have stopped. */
    CompletionStage<Done> erase(String persistenceId);

    /** Deletes all events and snapshots of the actors with obsolete persistence ids, which must have stopped. */
    CompletionStage<Done> eraseAll(Predicate<String> isObsolete);
}
