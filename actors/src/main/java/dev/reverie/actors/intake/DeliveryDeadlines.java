package dev.reverie.actors.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** How long deliveries have been waiting for their classes, in ticks. Not thread safe. */
final class DeliveryDeadlines {

    private static final int TICKS_TO_ANSWER = 10;

    private final Deque<Deadline> deadlines = new ArrayDeque<>();
    private long ticks;

    /** The tick at which a delivery is deferred. */
    private record Deadline(long tick, PendingDelivery delivery) {}

    void add(PendingDelivery delivery) {
        deadlines.add(new Deadline(ticks + TICKS_TO_ANSWER, delivery));
    }

    /** Adds a tick. Removes and returns the deliveries that have waited too long for a reply. */
    List<PendingDelivery> tick() {
        ticks++;
        List<PendingDelivery> late = new ArrayList<>();
        for (Deadline next = deadlines.peek(); next != null && next.tick() <= ticks; next = deadlines.peek()) {
            PendingDelivery delivery = deadlines.remove().delivery();
            if (!delivery.hasReply()) {
                late.add(delivery);
            }
        }
        return late;
    }
}
