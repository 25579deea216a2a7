package dev.reverie.streams.history;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.Done;

/** The history of the memory of a service, as its clients read it. Thread safe. */
public interface History {

    /**
     * Reads a part of the history.
     *
     * @return completes with the content; empty if the history has no such moment or picture. Fails with an
     *     {@link dev.reverie.streams.service.UnavailableException} if the history cannot be reached now
     */
    CompletionStage<Optional<byte[]>> read(HistoryQuery query);

    /** Estimates the size of a part in bytes without reading it. */
    long estimate(HistoryQuery query);

    /**
     * Removes a class from all moments and curves. Completes when no client can read it any more. In a cluster whose
     * oldest node does not answer, completes without it, and that node removes the class later.
     */
    CompletionStage<Done> forget(String label);
}
