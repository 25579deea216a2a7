package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.ToLongFunction;

/** Tracks the deliveries without a reply, and what has to become durable before their replies. Not thread safe. */
final class PendingDeliveries {

    /** New items that must be durable, up to a number of items. */
    private record ItemWait(long upTo, PendingDelivery delivery) {}

    /** By class, the deliveries with samples that the class is storing. */
    private final Int2ObjectOpenHashMap<Map<UUID, PendingDelivery>> storing = new Int2ObjectOpenHashMap<>();
    /**
     * By class, the deliveries whose samples the class has stored, although the registry has not recorded that the
     * class has samples.
     */
    private final Int2ObjectOpenHashMap<List<PendingDelivery>> unrecorded = new Int2ObjectOpenHashMap<>();

    private final ArrayDeque<ItemWait> items = new ArrayDeque<>();
    private final ToLongFunction<ItemKeys> recordItems;
    private long bytes;

    /**
     * Creates an empty set.
     *
     * @param recordItems records the items of a delivery whose samples are durable, and returns the number of items
     *     that must be durable before the reply
     */
    PendingDeliveries(ToLongFunction<ItemKeys> recordItems) {
        this.recordItems = recordItems;
    }

    void add(PendingDelivery delivery) {
        bytes += delivery.bytes();
    }

    /** Approximate size of all pending deliveries in memory, in bytes. */
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
     * Makes a delivery wait for a class.
     *
     * @param hasNewSamples whether the class is storing samples of the delivery; otherwise, the delivery waits only
     *     until the registry has recorded that the class has samples
     */
    void await(PendingDelivery delivery, int label, boolean hasNewSamples) {
        delivery.awaitOne();
        if (hasNewSamples) {
            storing.computeIfAbsent(label, _ -> new LinkedHashMap<>()).put(delivery.id(), delivery);
        } else {
            awaitRecord(delivery, label);
        }
    }

    private void awaitRecord(PendingDelivery delivery, int label) {
        unrecorded.computeIfAbsent(label, _ -> new ArrayList<>()).add(delivery);
    }

    /** Makes a delivery wait until a number of items are durable. Must be called in the order of these numbers. */
    void awaitItems(PendingDelivery delivery, long upTo) {
        delivery.awaitOne();
        items.add(new ItemWait(upTo, delivery));
    }

    /**
     * Notes that a delivery was sent to all its classes; the delivery gets this reply when all these classes have
     * stored its samples.
     */
    void sentToAllClasses(PendingDelivery delivery, Accepted reply) {
        delivery.sentToAllClasses(reply);
        acceptIfDurable(delivery);
    }

    /** Whether a delivery waits for a class to store its samples. */
    boolean isStoring(UUID delivery, int label) {
        return storing.getOrDefault(label, Map.of()).containsKey(delivery);
    }

    /**
     * Notes that a class has stored its part of a delivery.
     *
     * @param recorded whether the registry has recorded that the class has samples
     */
    void onStored(UUID id, int label, boolean recorded) {
        PendingDelivery delivery =
                storing.getOrDefault(label, new LinkedHashMap<>()).remove(id);
        if (delivery != null) {
            awaitRecord(delivery, label);
        }
        if (recorded) {
            onRecorded(label);
        }
    }

    /** Notes that the registry has recorded that a class has samples. */
    void onRecorded(int label) {
        onDurable(remove(unrecorded, label));
    }

    /** Notes how many items are durable. */
    void onItemsAdded(long added) {
        for (ItemWait first = items.peek(); first != null && first.upTo() <= added; first = items.peek()) {
            items.remove();
            onDurable(List.of(first.delivery()));
        }
    }

    private void onDurable(Collection<PendingDelivery> deliveries) {
        for (PendingDelivery delivery : deliveries) {
            delivery.oneIsDurable();
            acceptIfDurable(delivery);
        }
    }

    private void acceptIfDurable(PendingDelivery delivery) {
        if (!delivery.isDurable() || delivery.hasReply()) {
            return;
        }
        ItemKeys toRecord = delivery.takeUnrecorded();
        if (toRecord.size() > 0) {
            awaitItems(delivery, recordItems.applyAsLong(toRecord));
        } else {
            reply(delivery, delivery.acceptance());
        }
    }

    /** Defers a delivery of which a class stores no samples. */
    void defer(UUID id, int label, Deferred outcome) {
        PendingDelivery delivery =
                storing.getOrDefault(label, new LinkedHashMap<>()).remove(id);
        if (delivery != null) {
            reply(delivery, outcome);
        }
    }

    /**
     * Defers all deliveries that wait for a class. A write that has failed may have reached the disk nevertheless, for
     * example if H2 finds the disk full right after it has written the transaction.
     */
    void defer(int label, Deferred outcome) {
        Map<UUID, PendingDelivery> unstored = storing.remove(label);
        if (unstored != null) {
            unstored.values().forEach(delivery -> reply(delivery, outcome.perhapsStored()));
        }
        deferUnrecorded(label, outcome);
    }

    /** Defers the deliveries that wait until the registry has recorded that a class has samples. */
    void deferUnrecorded(int label, Deferred outcome) {
        remove(unrecorded, label).forEach(delivery -> reply(delivery, outcome.perhapsStored()));
    }

    private static List<PendingDelivery> remove(Int2ObjectOpenHashMap<List<PendingDelivery>> waits, int label) {
        List<PendingDelivery> removed = waits.remove(label);
        return removed == null ? List.of() : removed;
    }

    /** Stops waiting for the classes of a delivery that has a reply. */
    void remove(PendingDelivery delivery) {
        storing.values().forEach(ofClass -> ofClass.remove(delivery.id()));
        unrecorded.values().forEach(ofClass -> ofClass.remove(delivery));
    }

    /** Defers all deliveries with items that are not durable. */
    void deferItems(Deferred outcome) {
        items.forEach(wait -> reply(wait.delivery(), outcome.perhapsStored()));
        items.clear();
    }
}
