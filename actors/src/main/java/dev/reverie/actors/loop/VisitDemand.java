package dev.reverie.actors.loop;

import java.util.Optional;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Whoever matches has asked for a visit and waits for one. The answer is withheld until there is one, so the demand for
 * visits is the only clock. Owned by one actor.
 */
public final class VisitDemand {

    private Optional<ActorRef<VisitCommand.VisitReply>> waiting = Optional.empty();

    /** Somebody asks, in place of who asked before. */
    public void raise(ActorRef<VisitCommand.VisitReply> by) {
        waiting = Optional.of(by);
    }

    /** Nobody waits any more. */
    public void forget() {
        waiting = Optional.empty();
    }

    /**
     * Answers who waits, once.
     *
     * @param reply looked for only if somebody waits; who does goes on waiting if it is empty
     */
    public void answer(Supplier<Optional<? extends VisitCommand.VisitReply>> reply) {
        if (waiting.isPresent()) {
            Optional<? extends VisitCommand.VisitReply> found = reply.get();
            found.ifPresent(waiting.get()::tell);
            waiting = found.isPresent() ? Optional.empty() : waiting;
        }
    }
}
