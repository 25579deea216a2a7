package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.Fingerprint;
import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A delivery that is to be examined.
 *
 * @param fingerprints one for each sample
 * @param bytes of its images
 */
record Arrival(List<Sample> samples, List<Fingerprint> fingerprints, long bytes, ActorRef<Admission> replyTo) {

    static Arrival of(Delivery delivery, ActorRef<Admission> replyTo) {
        List<Fingerprint> fingerprints = delivery.samples().stream()
                .map(sample -> Fingerprint.of(sample.label(), sample.id(), sample.image()))
                .toList();
        return new Arrival(delivery.samples(), fingerprints, bytesOf(delivery), replyTo);
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
