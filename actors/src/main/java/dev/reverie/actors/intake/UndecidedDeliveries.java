package dev.reverie.actors.intake;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The deliveries that classes are examining. A delivery is decided when all its classes have replied, and when the
 * earlier deliveries to these classes are decided. Classes thus get samples in the order in which they arrived, and the
 * ids of earlier deliveries are stored or released when a later one is decided. Not thread safe.
 */
final class UndecidedDeliveries {

    private final Map<UUID, PendingDelivery> byId = new HashMap<>();
    /** In the order of arrival. */
    private final Map<Integer, SequencedSet<PendingDelivery>> byClass = new HashMap<>();
    /** Deliveries that may have become due. */
    private final Deque<PendingDelivery> changed = new ArrayDeque<>();

    boolean isEmpty() {
        return byId.isEmpty();
    }

    /** Adds a delivery that a class examines. */
    void add(PendingDelivery delivery, int label) {
        byId.put(delivery.id(), delivery);
        byClass.computeIfAbsent(label, _ -> new LinkedHashSet<>()).add(delivery);
    }

    Optional<PendingDelivery> withId(UUID id) {
        return Optional.ofNullable(byId.get(id));
    }

    Collection<PendingDelivery> all() {
        return byId.values();
    }

    /** The undecided deliveries with samples of a class. */
    List<PendingDelivery> of(int label) {
        return List.copyOf(byClass.getOrDefault(label, new LinkedHashSet<>()));
    }

    /** Notes that a class has replied, or that no class has to. */
    void onExamined(PendingDelivery delivery) {
        changed.add(delivery);
    }

    /** Removes and returns a delivery that can be decided; empty if there is none. */
    Optional<PendingDelivery> nextDue() {
        for (PendingDelivery next = changed.poll(); next != null; next = changed.poll()) {
            if (isDue(next)) {
                return Optional.of(next);
            }
        }
        return Optional.empty();
    }

    private boolean isDue(PendingDelivery delivery) {
        return !delivery.hasReply()
                && delivery.isExamined()
                && labels(delivery).allMatch(label -> isFirst(delivery, label));
    }

    private boolean isFirst(PendingDelivery delivery, int label) {
        return Optional.ofNullable(byClass.get(label))
                .filter(ofClass -> ofClass.getFirst() == delivery)
                .isPresent();
    }

    /** Removes a delivery that has been decided. */
    void remove(PendingDelivery delivery) {
        byId.remove(delivery.id());
        labels(delivery)
                .forEach(label -> byClass.computeIfPresent(label, (_, ofClass) -> {
                    ofClass.remove(delivery);
                    if (ofClass.isEmpty()) {
                        return null;
                    }
                    changed.add(ofClass.getFirst());
                    return ofClass;
                }));
    }

    private static Stream<Integer> labels(PendingDelivery delivery) {
        return delivery.parts().stream().flatMap(part -> part.entry().map(ClassEntry::label).stream());
    }
}
