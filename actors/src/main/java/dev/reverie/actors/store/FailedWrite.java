package dev.reverie.actors.store;

import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Remembers the message that a persistent actor was processing when the store failed. Pekko drops the message without a
 * reply, so the actor sends the message to itself again after the recovery. Not thread safe.
 *
 * @param <M> type of the actor's messages
 */
public final class FailedWrite<M> {

    private final Predicate<M> repeatable;
    private Optional<M> current = Optional.empty();
    private Optional<M> failed = Optional.empty();

    /**
     * Creates an instance without a message.
     *
     * @param repeatable accepts messages that may be processed again
     */
    public FailedWrite(Predicate<M> repeatable) {
        this.repeatable = repeatable;
    }

    /** Notes the message that the actor processes now. */
    public void onMessage(M message) {
        current = Optional.of(message);
    }

    /** Notes that the write for the current message has failed. */
    public void onFailure() {
        failed = current.filter(repeatable);
    }

    /** Sends the failed message again, after the actor has recovered. */
    public void retry(ActorRef<M> self) {
        failed.ifPresent(self::tell);
        failed = Optional.empty();
    }
}
