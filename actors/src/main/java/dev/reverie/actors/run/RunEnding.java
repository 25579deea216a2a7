package dev.reverie.actors.run;

import dev.reverie.actors.run.RunCommand.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How a run ended, if it has, and who waits to hear of it. Each is told once, after the last event. Not thread safe.
 */
final class RunEnding {

    private final List<ActorRef<Outcome>> awaiting = new ArrayList<>();
    private Optional<Outcome> outcome = Optional.empty();
    private boolean delivered;

    /** Whether the run is over. */
    boolean isReached() {
        return outcome.isPresent();
    }

    /** The run is over; nobody is told yet. */
    void reach(Outcome result) {
        outcome = Optional.of(result);
    }

    /** Every event was delivered: from now on whoever asks is told. */
    void deliver() {
        delivered = true;
        awaiting.forEach(this::await);
        awaiting.clear();
    }

    /** Tells now or later. */
    void await(ActorRef<Outcome> replyTo) {
        if (delivered) {
            outcome.ifPresent(replyTo::tell);
        } else {
            awaiting.add(replyTo);
        }
    }
}
