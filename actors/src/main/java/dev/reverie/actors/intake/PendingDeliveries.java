package dev.reverie.actors.intake;

import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.ArrayDeque;

/**
 * The deliveries without a reply yet, and the ordinal up to which each class must be durable before they get one. A
 * duplicate waits for the ordinal of its original, so it is never acknowledged earlier. Not thread safe.
 */
final class PendingDeliveries {

    private record Wait(long upTo, PendingDelivery delivery) {}

    private final Int2ObjectOpenHashMap<ArrayDeque<Wait>> waitsByClass = new Int2ObjectOpenHashMap<>();
    private long bytes;

    void add(PendingDelivery delivery) {
        bytes += delivery.bytes();
    }

    /** Bytes of the images of all pending deliveries. */
    long bytes() {
        return bytes;
    }

    /** Replies to a delivery, unless it has a reply already. */
    void reply(PendingDelivery delivery, DeliveryOutcome outcome) {
        if (delivery.reply(outcome)) {
            bytes -= delivery.bytes();
        }
    }

    /** Makes the delivery wait until a class is durable up to an ordinal; called in the order of the ordinals. */
    void await(PendingDelivery delivery, int label, long upTo) {
        delivery.awaitClass();
        waitsByClass.computeIfAbsent(label, none -> new ArrayDeque<>()).add(new Wait(upTo, delivery));
    }

    /** Ends the waits of a delivery: it gets this reply when the last of them is over. */
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
    void defer(int label, DeliveryOutcome.Deferred outcome) {
        ArrayDeque<Wait> waits = waitsByClass.remove(label);
        if (waits != null) {
            waits.forEach(wait -> reply(wait.delivery, outcome));
        }
    }
}
