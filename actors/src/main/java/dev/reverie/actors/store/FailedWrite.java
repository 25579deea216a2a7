package dev.reverie.actors.store;

import java.util.Optional;
import java.util.function.Predicate;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * What an actor was persisting when the store failed. It gets no answer from Pekko; so it is done again after the
 * recovery. Not thread safe.
 *
 * @param <M> what the actor is told
 */
public final class FailedWrite<M> {

    private final Predicate<M> repeatable;
    private Optional<M> inHand = Optional.empty();
    private Optional<M> interrupted = Optional.empty();

    /**
     * Nothing so far.
     *
     * @param repeatable what may be done again
     */
    public FailedWrite(Predicate<M> repeatable) {
        this.repeatable = repeatable;
    }

    /** The actor has this in hand, and nothing else any more. */
    public void take(M message) {
        inHand = Optional.of(message);
    }

    /** What is in hand could not be persisted. */
    public void interrupt() {
        interrupted = inHand.filter(repeatable);
    }

    /** The actor is back. */
    public void resume(ActorRef<M> self) {
        interrupted.ifPresent(self::tell);
        interrupted = Optional.empty();
    }
}
