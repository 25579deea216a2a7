package dev.reverie.streams.history;

import dev.reverie.actors.serialization.Transferable;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/** Requests to the oldest node, whose history all nodes show, and its replies. */
sealed interface HistoryMessage extends Transferable {

    record Read(History.Query query, ActorRef<Content> replyTo) implements HistoryMessage {}

    record Forget(String label, ActorRef<Forgotten> replyTo) implements HistoryMessage {}

    /**
     * The content of a part of the history.
     *
     * @param bytes empty if the history has no such moment or picture; must not be modified
     */
    record Content(Optional<byte[]> bytes) implements Transferable {}

    /** No client can read the class any more. */
    record Forgotten() implements Transferable {}
}
