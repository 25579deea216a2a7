package dev.reverie.actors.intake;

import org.apache.pekko.actor.typed.ActorRef;

/** A delivery on its way into its classes. Answered once. Not thread safe. */
final class PendingDelivery {

    private final ActorRef<DeliveryOutcome> replyTo;
    private final DeliveryOutcome.Accepted outcome;
    private final long bytes;
    private int outstanding = 1;
    private boolean answered;

    PendingDelivery(ActorRef<DeliveryOutcome> replyTo, DeliveryOutcome.Accepted outcome, long bytes) {
        this.replyTo = replyTo;
        this.outcome = outcome;
        this.bytes = bytes;
    }

    void await() {
        outstanding++;
    }

    /** One of what it waited for has come; whether that was the last. */
    boolean arrived() {
        outstanding--;
        return outstanding == 0 && answer(outcome);
    }

    /** Whether it had no answer before. */
    boolean answer(DeliveryOutcome admission) {
        boolean first = !answered;
        answered = true;
        if (first) {
            replyTo.tell(admission);
        }
        return first;
    }

    long bytes() {
        return bytes;
    }
}
