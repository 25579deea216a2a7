package dev.reverie.actors.run;

import dev.reverie.actors.run.RunCommand.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Holds the outcome of a run and sends it once to every actor that awaits it. The coordinator publishes it after the
 * last telemetry event was delivered. Not thread safe.
 */
final class OutcomePublisher {

    private final List<ActorRef<Outcome>> awaiting = new ArrayList<>();
    private Optional<Outcome> outcome = Optional.empty();
    private boolean published;

    /** Whether the run has ended. */
    boolean isDecided() {
        return outcome.isPresent();
    }

    /** Sets the outcome without sending it. */
    void decide(Outcome result) {
        outcome = Optional.of(result);
    }

    /** Sends the outcome to all actors that await it; later requests are answered at once. */
    void publish() {
        published = true;
        awaiting.forEach(this::await);
        awaiting.clear();
    }

    /** Sends the outcome at once if it is published, and otherwise as soon as it is. */
    void await(ActorRef<Outcome> replyTo) {
        if (published) {
            outcome.ifPresent(replyTo::tell);
        } else {
            awaiting.add(replyTo);
        }
    }
}
