package dev.reverie.actors.intake;

import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.lifecycle.ClassReply;
import dev.reverie.actors.lifecycle.ClassReply.Finding;
import dev.reverie.actors.store.StoreFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * The first phase of each delivery: its classes examine it, in the order of the arrival of the deliveries, and reserve
 * the ids of the new samples. If all of them can store their parts, the delivery is sent to them, which begins the
 * second phase. A delivery that has to wait for a new class or for a class that has not recovered holds up those after
 * it. Owned by the {@link DeliveryProcessor}.
 */
final class DeliveryExamination {

    private final ClassSupervisor supervisor;
    private final ItemRecord items;
    private final DeliverySender sender;
    private final PendingDeliveries pending;
    private final ActorRef<ClassReply> replies;
    private final DeliveryValidator validator;

    /** Deliveries that not all of their classes have been asked to examine. */
    private final Deque<PendingDelivery> arrived = new ArrayDeque<>();

    private final UndecidedDeliveries undecided = new UndecidedDeliveries();

    /**
     * Creates an examination without deliveries.
     *
     * @param sender sends the deliveries that all their classes can store
     * @param pending replies to the others
     * @param replies receives the replies of the classes
     */
    DeliveryExamination(
            ClassSupervisor supervisor,
            ItemRecord items,
            IntakePlan plan,
            DeliverySender sender,
            PendingDeliveries pending,
            ActorRef<ClassReply> replies) {
        this.supervisor = supervisor;
        this.items = items;
        this.sender = sender;
        this.pending = pending;
        this.replies = replies;
        this.validator = new DeliveryValidator(supervisor.classes(), items, plan, supervisor.isShared());
    }

    /** Whether every delivery has a reply, or has been sent to its classes. */
    boolean isEmpty() {
        return arrived.isEmpty() && undecided.isEmpty();
    }

    /** Adds a delivery after all others. The caller calls {@link #processNext} afterwards. */
    void add(PendingDelivery delivery) {
        arrived.add(delivery);
    }

    /** Lets classes examine deliveries until one has to wait. */
    void processNext() {
        for (PendingDelivery next = arrived.peek(); next != null && tryProcess(next); next = arrived.peek()) {
            arrived.remove();
        }
    }

    /** Rejects the delivery or lets its classes examine it; returns false if it has to wait. */
    private boolean tryProcess(PendingDelivery delivery) {
        if (delivery.hasReply()) {
            return true;
        }
        if (!delivery.isSplit()) {
            if (items.areReserved(delivery.delivery())) {
                return false;
            }
            delivery.split(items.repeated(delivery.delivery()), items.reserve(delivery.delivery()));
        }
        return switch (validator.validate(delivery, supervisor.shape(), registryOutage())) {
            case DeliveryValidator.Rejected(var outcome) -> {
                reject(delivery, outcome);
                decideDue();
                yield true;
            }
            case DeliveryValidator.NotReady() -> false;
            case DeliveryValidator.Valid() -> {
                delivery.parts().forEach(part -> examine(delivery, part));
                undecided.onExamined(delivery);
                decideDue();
                yield delivery.hasReply() || delivery.newClasses().isEmpty();
            }
        };
    }

    /** Why no class can be registered now. A registry of this process recovers, so new classes wait for it. */
    private Optional<StoreFailure> registryOutage() {
        return supervisor.isShared() ? supervisor.registryFailure() : Optional.empty();
    }

    private void examine(PendingDelivery delivery, DeliveryPart part) {
        Optional<ClassEntry> entry = supervisor.classes().named(part.className());
        if (entry.isEmpty()) {
            delivery.examineAsNew(part);
        } else if (part.entry().isEmpty()) {
            delivery.ask(part, entry.get(), replies);
            undecided.add(delivery, entry.get().label());
        }
    }

    /** Decides on the deliveries that all their classes have examined. */
    void decideDue() {
        for (Optional<PendingDelivery> due = undecided.nextDue(); due.isPresent(); due = undecided.nextDue()) {
            decide(due.get());
        }
    }

    private void decide(PendingDelivery delivery) {
        switch (validator.decide(delivery)) {
            case DeliveryValidator.Rejected(var outcome) -> reject(delivery, outcome);
            case DeliveryValidator.NotReady() -> askAgain(delivery);
            case DeliveryValidator.Valid() -> {
                List<String> newClasses = delivery.newClasses();
                if (newClasses.isEmpty()) {
                    undecided.remove(delivery);
                    sender.sendToClasses(delivery, pending);
                } else {
                    supervisor.register(newClasses, DeliveryValidator.expectedShape(delivery, supervisor.shape()));
                }
            }
        }
    }

    /** Asks the busy classes again, now that the earlier deliveries to them are decided. */
    private void askAgain(PendingDelivery delivery) {
        if (!delivery.tryAskAgain()) {
            reject(delivery, Deferred.CHANGING);
            return;
        }
        delivery.parts().stream()
                .filter(part -> part.has(Finding.BUSY))
                .forEach(part -> delivery.ask(part, part.entry().orElseThrow(), replies));
    }

    /** Notes what a class has found in its part of a delivery. The caller calls {@link #decideDue} afterwards. */
    void onExamined(ClassEntry entry, ClassReply.Examined reply) {
        undecided.withId(reply.delivery()).ifPresent(delivery -> {
            delivery.onExamined(entry, reply);
            undecided.onExamined(delivery);
        });
    }

    /** Asks again the classes that have not replied. */
    void repeat() {
        undecided.all().forEach(delivery -> delivery.repeat(replies));
    }

    /** Asks again the classes of the deliveries with samples of a class that have not replied. */
    void repeat(ClassEntry entry) {
        undecided.of(entry.label()).forEach(delivery -> delivery.repeat(replies));
    }

    /** Refuses or defers a delivery, and ends its reservations. */
    void reject(PendingDelivery delivery, DeliveryOutcome outcome) {
        pending.reply(delivery, outcome);
        delivery.parts().forEach(DeliveryPart::release);
        items.release(delivery.takeNewItems());
        undecided.remove(delivery);
    }

    /** Rejects the deliveries with samples of a class that are not decided and meet a condition. */
    void rejectUndecided(ClassEntry entry, Deferred outcome, Predicate<PendingDelivery> condition) {
        undecided.of(entry.label()).stream().filter(condition).forEach(delivery -> reject(delivery, outcome));
        decideDue();
    }

    /** Rejects the deliveries that wait for their examination and meet a condition. */
    void rejectArrived(Deferred outcome, Predicate<PendingDelivery> condition) {
        arrived.stream()
                .filter(delivery -> !delivery.hasReply() && condition.test(delivery))
                .forEach(delivery -> reject(delivery, outcome));
        decideDue();
    }

    /** Rejects the undecided deliveries with items: they were split by a record that is no longer valid. */
    void rejectWithItems(Deferred outcome) {
        Stream.concat(undecided.all().stream(), arrived.stream().filter(PendingDelivery::isSplit))
                .filter(delivery -> !delivery.delivery().items().isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new))
                .forEach(delivery -> reject(delivery, outcome));
        decideDue();
    }
}
