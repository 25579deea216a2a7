package dev.reverie.actors.store;

import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** Takes out of the store what is no longer needed. Thread safe. */
public interface Retention {

    /** Drops the events and snapshots before a snapshot that has become durable. */
    CompletionStage<Done> trim(String persistenceId, long snapshotSequenceNumber);

    /** Drops every event and every snapshot. Whoever writes them must have stopped. */
    CompletionStage<Done> erase(String persistenceId);
}
