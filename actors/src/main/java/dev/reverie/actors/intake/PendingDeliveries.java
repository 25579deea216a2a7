package dev.reverie.actors.intake;

import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.ArrayDeque;

/**
 * Tracks the deliveries without a reply, and the ordinals up to which their classes must be durable before the reply. A
 * duplicate waits until its original is durable, so the duplicate is never acknowledged earlier. Not thread safe.
 */
final class PendingDeliveries {

    private record Wait(long upTo, PendingDelivery delivery, boolean hasNewSamples) {

        /**
         * The reply when the class has failed. None of the delivery is stored if the failed class has not stored its
         * part. If the class has no part, since it waited only for the original of a duplicate, other classes may have
         * stored theirs.
         */
        Deferred reply(Deferred outcome) {
            return hasNewSamples || delivery.acceptance().accepted() == 0 ? outcome : outcome.perhapsStored();
        }
    }

    private final Int2ObjectOpenHashMap<ArrayDeque<Wait>> waitsByClass = new Int2ObjectOpenHashMap<>();
    private long bytes;

    void add(PendingDelivery delivery) {
        bytes += delivery.bytes();
    }

    /** Total size of the images in all pending deliveries, in bytes. */
    long bytes() {
        return bytes;
    }

    /** Replies to a delivery, unless it has a reply already. */
    void reply(PendingDelivery delivery, DeliveryOutcome outcome) {
        if (delivery.reply(outcome)) {
            bytes -= delivery.bytes();
        }
    }

    /**
     * Makes the delivery wait until a class is durable up to an ordinal. Must be called in the order of the ordinals.
     *
     * @param hasNewSamples whether the delivery has new samples of this class
     */
    void await(PendingDelivery delivery, int label, long upTo, boolean hasNewSamples) {
        delivery.awaitClass();
        waitsByClass.computeIfAbsent(label, none -> new ArrayDeque<>()).add(new Wait(upTo, delivery, hasNewSamples));
    }

    /**
     * Notes that a delivery was sent to all its classes; the delivery gets this reply when all these classes have
     * stored its samples.
     */
    void sentToAllClasses(PendingDelivery delivery, Accepted reply) {
        delivery.sentToAllClasses(reply);
        acceptIfDurable(delivery);
    }

    /** Replies to the deliveries that were waiting only for a class to be durable up to this ordinal. */
    void classIsDurable(int label, long upTo) {
        ArrayDeque<Wait> waits = waitsByClass.getOrDefault(label, new ArrayDeque<>());
        for (Wait first = waits.peek(); first != null && first.upTo <= upTo; first = waits.peek()) {
            waits.remove();
            first.delivery.classIsDurable();
            acceptIfDurable(first.delivery);
        }
    }

    private void acceptIfDurable(PendingDelivery delivery) {
        if (delivery.isDurable()) {
            reply(delivery, delivery.acceptance());
        }
    }

    /** Defers all deliveries that wait for a class. */
    void defer(int label, Deferred outcome) {
        ArrayDeque<Wait> waits = waitsByClass.remove(label);
        if (waits != null) {
            waits.forEach(wait -> reply(wait.delivery, wait.reply(outcome)));
        }
    }
}
