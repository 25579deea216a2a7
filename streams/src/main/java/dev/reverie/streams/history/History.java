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
     *     {@link dev.reverie.streams.service.ServiceException.UnavailableException} if the history cannot be reached
     *     now
     */
    CompletionStage<Optional<byte[]>> read(Query query);

    /** Estimates the size of a part in bytes without reading it. */
    long estimate(Query query);

    /**
     * Removes a class from all moments and curves. Completes when no client can read it any more. In a cluster whose
     * oldest node does not answer, completes without it, and that node removes the class later.
     */
    CompletionStage<Done> forget(String label);

    /** A part of the history that clients can read. */
    sealed interface Query {

        /** All moments without their classes, as JSON. */
        record Moments() implements Query {}

        /** One moment with its classes, as JSON. */
        record OneMoment(long number) implements Query {}

        /** A picture of the images of a class, as PNG. */
        record Picture(String name) implements Query {}

        /** The learning curves, as JSON. */
        record Curves() implements Query {}

        /** The matching loss of one class over time, as JSON. */
        record ClassCurve(String label) implements Query {}
    }
}
