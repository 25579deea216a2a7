package dev.reverie.actors.intake;

import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.util.ArrayDeque;

/**
 * The deliveries that are not answered yet, and what they wait for: that a class is durable up to an ordinal. That of a
 * repetition is the one of the original, so it is never acknowledged before it. Not thread safe.
 */
final class PendingDeliveries {

    private record Waiting(long upTo, PendingDelivery flight) {}

    private final Int2ObjectOpenHashMap<ArrayDeque<Waiting>> byClass = new Int2ObjectOpenHashMap<>();
    private long bytes;

    /** A delivery is in hand from now on. */
    void opened(long size) {
        bytes += size;
    }

    /** It is answered. */
    void closed(long size) {
        bytes -= size;
    }

    long bytes() {
        return bytes;
    }

    /** The delivery waits for a class; in the order of the ordinals. */
    void await(PendingDelivery flight, int label, long upTo) {
        flight.await();
        byClass.computeIfAbsent(label, none -> new ArrayDeque<>()).add(new Waiting(upTo, flight));
    }

    /** Nothing more is waited for than what was said. */
    void complete(PendingDelivery flight) {
        if (flight.arrived()) {
            closed(flight.bytes());
        }
    }

    /** A class is durable up to an ordinal. */
    void durable(int label, long upTo) {
        ArrayDeque<Waiting> waiting = byClass.getOrDefault(label, new ArrayDeque<>());
        for (Waiting first = waiting.peek(); first != null && first.upTo <= upTo; first = waiting.peek()) {
            waiting.remove();
            complete(first.flight);
        }
    }

    /** What is on its way to a class won't come, or nobody knows whether it did. */
    void fail(int label, DeliveryOutcome.Deferred answer) {
        ArrayDeque<Waiting> waiting = byClass.remove(label);
        if (waiting != null) {
            for (Waiting each : waiting) {
                if (each.flight.answer(answer)) {
                    closed(each.flight.bytes());
                }
            }
        }
    }
}
