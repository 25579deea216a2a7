package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.SampleFingerprint;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A delivery that is to be examined.
 *
 * @param fingerprints one for each sample
 * @param bytes of its images
 */
record IncomingDelivery(
        List<Sample> samples, List<SampleFingerprint> fingerprints, long bytes, ActorRef<DeliveryOutcome> replyTo) {

    static IncomingDelivery of(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        List<SampleFingerprint> fingerprints = delivery.samples().stream()
                .map(sample -> SampleFingerprint.of(sample.label(), sample.id(), sample.image()))
                .toList();
        return new IncomingDelivery(delivery.samples(), fingerprints, bytesOf(delivery), replyTo);
    }

    /** Whether it brings images of a class of that name. */
    boolean isFor(String label) {
        return samples.stream().anyMatch(sample -> sample.label().equals(label));
    }

    static long bytesOf(Delivery delivery) {
        return delivery.samples().stream()
                .mapToLong(sample -> sample.image().shape().size())
                .sum();
    }
}
