package dev.reverie.actors.intake;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/** The ticks at which deliveries are deferred if their classes have not replied by then. Not thread safe. */
final class DeliveryDeadlines {

    private static final int TICKS_TO_ANSWER = 10;

    private final Deque<Deadline> deadlines = new ArrayDeque<>();
    private long ticks;

    /** The tick at which a delivery is deferred. */
    private record Deadline(long tick, PendingDelivery delivery) {}

    void add(PendingDelivery delivery) {
        removeAnswered();
        deadlines.add(new Deadline(ticks + TICKS_TO_ANSWER, delivery));
    }

    /** Adds a tick. Removes and returns the deliveries that have waited too long for a reply. */
    List<PendingDelivery> tick() {
        ticks++;
        deadlines.removeIf(deadline -> deadline.delivery().hasReply());
        List<PendingDelivery> late = new ArrayList<>();
        for (Deadline next = deadlines.peek(); next != null && next.tick() <= ticks; next = deadlines.peek()) {
            late.add(deadlines.remove().delivery());
        }
        return late;
    }

    /** Number of deliveries that are in memory. */
    int size() {
        return deadlines.size();
    }

    /** Removes the oldest deliveries that have replies, so that their images do not stay in memory until the tick. */
    private void removeAnswered() {
        for (Deadline next = deadlines.peek(); next != null && next.delivery().hasReply(); next = deadlines.peek()) {
            deadlines.remove();
        }
    }
}
