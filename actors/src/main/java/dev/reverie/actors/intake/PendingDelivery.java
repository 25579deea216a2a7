package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.lifecycle.ClassReply;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * A delivery between its arrival and its only reply. The delivery is refused or deferred, or it is accepted when every
 * class has made its samples durable. Not thread safe.
 */
final class PendingDelivery {

    private final UUID id = UUID.randomUUID();
    private final Delivery delivery;
    private final List<SampleFingerprint> fingerprints;
    private final long bytes;
    private final ActorRef<DeliveryOutcome> replyTo;
    private final Map<String, DeliveryPart> parts = new LinkedHashMap<>();
    private BitSet repeated = new BitSet();
    private ItemKeys newItems = ItemKeys.NONE;
    private boolean split;
    /** Number of parts that no class has examined. */
    private int unexamined;

    private boolean askedAgain;

    private ItemKeys unrecorded = ItemKeys.NONE;
    private Accepted acceptance = new Accepted(0, 0);
    private boolean sent;
    /** Number of classes, and of the record of delivered items, that have to make something durable. */
    private int awaited;

    private boolean replied;

    PendingDelivery(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        this.delivery = delivery;
        this.fingerprints = delivery.samples().stream()
                .map(sample -> SampleFingerprint.of(sample.label(), sample.id(), sample.image()))
                .toList();
        this.bytes = delivery.bytes();
        this.replyTo = replyTo;
    }

    /** Identifies the delivery in its classes. */
    UUID id() {
        return id;
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

    /** Approximate size in memory, in bytes. */
    long bytes() {
        return bytes;
    }

    boolean hasSamplesOf(String className) {
        return samples().stream().anyMatch(sample -> sample.label().equals(className));
    }

    /**
     * Divides the samples by class.
     *
     * @param repeatedSamples positions of the samples of items that were delivered before, which no class examines
     * @param newItemKeys keys of the other items
     */
    void split(BitSet repeatedSamples, ItemKeys newItemKeys) {
        split = true;
        repeated = repeatedSamples;
        newItems = newItemKeys;
        Map<String, List<Integer>> positions = new LinkedHashMap<>();
        for (int i = nextPosition(0); i < samples().size(); i = nextPosition(i + 1)) {
            positions
                    .computeIfAbsent(samples().get(i).label(), _ -> new ArrayList<>())
                    .add(i);
        }
        positions.forEach((name, ofClass) -> parts.put(
                name,
                new DeliveryPart(
                        id,
                        name,
                        ofClass,
                        FingerprintBlock.of(
                                ofClass.stream().map(fingerprints::get).toList()))));
        unexamined = parts.size();
    }

    boolean isSplit() {
        return split;
    }

    /** The first position, from a given one, of a sample that a class examines; otherwise, the number of samples. */
    int nextPosition(int from) {
        return Math.min(repeated.nextClearBit(from), samples().size());
    }

    /** Keys of the items that were not delivered before; none after {@link #takeNewItems}. */
    ItemKeys newItems() {
        return newItems;
    }

    /** Returns the keys of the items that were not delivered before, once. */
    ItemKeys takeNewItems() {
        ItemKeys taken = newItems;
        newItems = ItemKeys.NONE;
        return taken;
    }

    /** Lets items be recorded when all samples are durable. */
    void recordAfterSamples(ItemKeys items) {
        unrecorded = items;
    }

    /** Returns the items that are to be recorded now, once. */
    ItemKeys takeUnrecorded() {
        ItemKeys items = unrecorded;
        unrecorded = ItemKeys.NONE;
        return items;
    }

    /** The parts of all classes, in the order of their first samples. */
    Collection<DeliveryPart> parts() {
        return parts.values();
    }

    /** Names of the classes that the registry did not have when the delivery was examined. */
    List<String> newClasses() {
        return parts().stream()
                .filter(part -> part.entry().isEmpty())
                .map(DeliveryPart::className)
                .toList();
    }

    /** Asks a class to examine its part. */
    void ask(DeliveryPart part, ClassEntry entry, ActorRef<ClassReply> replyTo) {
        if (part.finding().isPresent()) {
            unexamined++;
        }
        part.ask(entry, replyTo);
    }

    /** Asks again the classes that have not replied. */
    void repeat(ActorRef<ClassReply> replyTo) {
        parts().forEach(part -> part.entry().filter(part::isAwaited).ifPresent(entry -> part.ask(entry, replyTo)));
    }

    /** Examines the part of a class that the registry does not have yet. */
    void examineAsNew(DeliveryPart part) {
        if (part.finding().isEmpty()) {
            unexamined--;
            part.examineAsNew();
        }
    }

    /** Notes what a class has found in its part. */
    void onExamined(ClassEntry entry, ClassReply.Examined reply) {
        Optional.ofNullable(parts.get(entry.name()))
                .filter(part -> part.isAwaited(entry))
                .ifPresent(part -> {
                    unexamined--;
                    part.onExamined(reply);
                });
    }

    /** Notes that the classes are asked again; returns false if they already were. */
    boolean tryAskAgain() {
        boolean first = !askedAgain;
        askedAgain = true;
        return first;
    }

    /** Whether all classes have examined their parts. */
    boolean isExamined() {
        return unexamined == 0;
    }

    /** Whether a class has not replied what it has found in its part. */
    boolean isAwaited(ClassEntry entry) {
        return parts().stream().anyMatch(part -> part.isAwaited(entry));
    }

    /** Waits for one more class to make samples durable, or for the record of delivered items. */
    void awaitOne() {
        awaited++;
    }

    /** Notes that one of those that the delivery waits for has made its part durable. */
    void oneIsDurable() {
        awaited--;
    }

    /** Notes that every class has been sent its samples, and how to reply when they are durable. */
    void sentToAllClasses(Accepted reply) {
        sent = true;
        acceptance = reply;
    }

    /** Whether all samples and recorded items are durable. */
    boolean isDurable() {
        return sent && awaited == 0;
    }

    Accepted acceptance() {
        return acceptance;
    }

    boolean hasReply() {
        return replied;
    }

    /** Replies unless the delivery already has a reply; returns whether the reply was sent. */
    boolean reply(DeliveryOutcome outcome) {
        boolean first = !replied;
        replied = true;
        if (first) {
            replyTo.tell(outcome);
        }
        return first;
    }
}
