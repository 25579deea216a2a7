package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A delivery between its arrival and its only reply. The delivery is refused or deferred, or it is accepted when every
 * class has made its samples durable. Not thread safe.
 */
final class PendingDelivery {

    private final Delivery delivery;
    private final List<SampleFingerprint> fingerprints;
    private final long bytes;
    private final ActorRef<DeliveryOutcome> replyTo;
    private Accepted acceptance = new Accepted(0, 0);
    private boolean sent;
    private int classesAwaited;
    private boolean answered;

    PendingDelivery(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        this.delivery = delivery;
        this.fingerprints = delivery.samples().stream()
                .map(sample -> SampleFingerprint.of(sample.label(), sample.id(), sample.image()))
                .toList();
        this.bytes = delivery.bytes();
        this.replyTo = replyTo;
    }

    Delivery delivery() {
        return delivery;
    }

    List<Sample> samples() {
        return delivery.samples();
    }

    /** One fingerprint for each sample, in the same order. */
    List<SampleFingerprint> fingerprints() {
        return fingerprints;
    }

    /** Total size of the images, in bytes. */
    long bytes() {
        return bytes;
    }

    boolean hasSamplesOf(String className) {
        return samples().stream().anyMatch(sample -> sample.label().equals(className));
    }

    /** Waits for one more class to make samples durable. */
    void awaitClass() {
        classesAwaited++;
    }

    /** Notes that a class has made its samples durable. */
    void classIsDurable() {
        classesAwaited--;
    }

    /** Notes that every class has been sent its samples, and how to reply when they are durable. */
    void sentToAllClasses(Accepted reply) {
        sent = true;
        acceptance = reply;
    }

    /** Whether all samples are durable. */
    boolean isDurable() {
        return sent && classesAwaited == 0;
    }

    Accepted acceptance() {
        return acceptance;
    }

    /** Replies unless the delivery already has a reply; returns whether the reply was sent. */
    boolean reply(DeliveryOutcome outcome) {
        boolean first = !answered;
        answered = true;
        if (first) {
            replyTo.tell(outcome);
        }
        return first;
    }
}
