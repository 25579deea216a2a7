package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredItemsActor;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.lifecycle.ClassReply;
import dev.reverie.actors.lifecycle.ClassReply.Finding;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.store.JournalTransactions;
import dev.reverie.actors.store.StoreFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Processes each delivery from its arrival to its reply. The classes of a delivery examine it, in the order of the
 * arrival of the deliveries; if all of them can store their parts, they do. A delivery that has to wait for a new class
 * or for a class that has not recovered holds up those after it. Owned by the intake.
 */
final class DeliveryProcessor {

    private final ClassSupervisor supervisor;
    private final IntakeLimits limits;
    private final DeliverySender sender;
    private final ItemRecord items;
    private final ActorRef<ClassReply> replies;
    private final DeliveryValidator validator;

    /** Deliveries that not all of their classes have been asked to examine. */
    private final Deque<PendingDelivery> arrived = new ArrayDeque<>();

    private final UndecidedDeliveries undecided = new UndecidedDeliveries();
    private final PendingDeliveries pending;
    private final DeliveryDeadlines deadlines = new DeliveryDeadlines();

    /**
     * Creates a processor without deliveries.
     *
     * @param replies receives the replies of the classes, which the owner passes to {@link #onReply}
     */
    DeliveryProcessor(
            ClassSupervisor supervisor,
            ItemRecord items,
            IntakePlan plan,
            JournalTransactions transactions,
            ActorRef<ClassReply> replies) {
        this.supervisor = supervisor;
        this.items = items;
        this.pending = new PendingDeliveries(items::record);
        this.sender = new DeliverySender(supervisor, items, transactions, replies);
        this.replies = replies;
        this.limits = plan.limits();
        this.validator = new DeliveryValidator(supervisor.classes(), items, plan, supervisor.isShared());
    }

    /** Approximate size of all deliveries without a reply in memory, in bytes. */
    long pendingBytes() {
        return pending.bytes();
    }

    /** Whether every delivery has a reply, or has been sent to classes of this process. */
    boolean isIdle() {
        return arrived.isEmpty() && undecided.isEmpty() && !(supervisor.isShared() && pending.bytes() > 0);
    }

    void deliver(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        if (pending.bytes() > 0 && pending.bytes() + delivery.bytes() > limits.pendingBytes()) {
            replyTo.tell(Deferred.OVERLOADED);
            return;
        }
        PendingDelivery next = new PendingDelivery(delivery, replyTo);
        pending.add(next);
        arrived.add(next);
        if (supervisor.isShared()) {
            deadlines.add(next);
        }
        processNext();
    }

    /** Lets classes examine deliveries until one has to wait. */
    void processNext() {
        for (PendingDelivery next = arrived.peek(); next != null && isProcessed(next); next = arrived.peek()) {
            arrived.remove();
        }
    }

    /** Rejects the delivery or lets its classes examine it; returns false if it has to wait. */
    private boolean isProcessed(PendingDelivery delivery) {
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

    private void decideDue() {
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

    /** Refuses or defers a delivery of which no samples have been sent to classes, and ends its reservations. */
    private void reject(PendingDelivery delivery, DeliveryOutcome outcome) {
        pending.reply(delivery, outcome);
        delivery.parts().forEach(DeliveryPart::release);
        items.release(delivery.newItems());
        undecided.remove(delivery);
    }

    /** Handles a reply of a class about its part of a delivery. The caller calls {@link #processNext} afterwards. */
    void onReply(ClassReply reply) {
        Optional<ClassEntry> entry = supervisor.classes().at(reply.label());
        if (entry.isPresent()) {
            switch (reply) {
                case ClassReply.Examined examined ->
                    undecided.withId(examined.delivery()).ifPresent(delivery -> {
                        delivery.onExamined(entry.get(), examined);
                        undecided.onExamined(delivery);
                    });
                case ClassReply.Committed(var id, var label, var stored)
                when stored -> pending.onStored(id, label, entry.get().isPopulated());
                case ClassReply.Committed(var id, var label, var _) -> onNotStored(id, label);
            }
        }
        decideDue();
    }

    /**
     * A class has changed since it examined the delivery, or has failed; the other classes must not store their parts.
     */
    private void onNotStored(UUID delivery, int label) {
        if (pending.isStoring(delivery, label)) {
            sender.abortTransactions(ClassPersistenceId.of(label));
            pending.defer(delivery, label, Deferred.CHANGING);
        }
    }

    /** Handles a report from a class. The caller calls {@link #processNext} afterwards. */
    void onClassReport(ClassEntry entry, ClassReport report) {
        switch (report) {
            case ClassReport.Recovered _ -> {
                if (supervisor.isShared()) {
                    pending.defer(entry.label(), Deferred.of(StoreFailure.UNREACHABLE));
                    undecided.of(entry.label()).forEach(delivery -> delivery.repeat(replies));
                } else {
                    Deferred outcome = Deferred.of(StoreFailure.UNAVAILABLE);
                    rejectUndecided(entry, outcome, delivery -> delivery.isAwaited(entry));
                    pending.defer(entry.label(), outcome);
                }
            }
            case ClassReport.Failed failed -> {
                Deferred outcome = Deferred.of(failed.failure(), entry.name());
                rejectUndecided(entry, outcome, _ -> true);
                pending.defer(entry.label(), outcome);
            }
            case ClassReport.SamplesStored _, ClassReport.PhaseEntered _, ClassReport.SealRequested _ -> {}
        }
    }

    private void rejectUndecided(ClassEntry entry, Deferred outcome, Predicate<PendingDelivery> concerned) {
        undecided.of(entry.label()).stream().filter(concerned).forEach(delivery -> reject(delivery, outcome));
        decideDue();
    }

    /** Handles a report from the record of delivered items. The caller calls {@link #processNext} afterwards. */
    void onItemsReport(DeliveredItemsActor.Report report) {
        switch (report) {
            case DeliveredItemsActor.Added(var added) -> pending.onItemsAdded(added);
            case DeliveredItemsActor.Recovered _ -> deferItems(StoreFailure.UNAVAILABLE);
            case DeliveredItemsActor.Failed(var failure, var detail) -> deferItems(failure);
        }
    }

    private void deferItems(StoreFailure failure) {
        Deferred outcome = Deferred.of(failure);
        sender.abortTransactions(DeliveredItemsActor.PERSISTENCE_ID);
        pending.deferItems(outcome);
        rejectSplit(outcome);
    }

    /** Rejects undecided deliveries that were split by a record which has changed: its items may not be durable. */
    private void rejectSplit(Deferred outcome) {
        Stream.concat(undecided.all().stream(), arrived.stream().filter(PendingDelivery::isSplit))
                .filter(delivery -> !delivery.delivery().items().isEmpty())
                .collect(Collectors.toCollection(LinkedHashSet::new))
                .forEach(delivery -> reject(delivery, outcome));
        decideDue();
    }

    /** Aborts the unfinished transactions of a class that will store none of the samples sent to it so far. */
    void abortTransactions(int label) {
        sender.abortTransactions(ClassPersistenceId.of(label));
    }

    /** Replies to the deliveries that waited until the registry had recorded that a class has durable samples. */
    void onPopulated(ClassEntry entry) {
        pending.onRecorded(entry.label());
    }

    /** Handles a report from the registry. The caller calls {@link #processNext} afterwards. */
    void onRegistryReport(ClassRegistryActor.Report report) {
        if (report instanceof ClassRegistryActor.Failed(var failure, var detail)) {
            rejectArrived(Deferred.of(failure), _ -> true);
            deferUnrecorded(failure);
        }
    }

    /**
     * Records which classes have durable samples. If the store is read-only, defers the deliveries that wait for this.
     */
    void onRecordDue() {
        if (!supervisor.recordSamples()) {
            deferUnrecorded(StoreFailure.FULL);
        }
    }

    private void deferUnrecorded(StoreFailure failure) {
        supervisor.unrecorded().forEach(entry -> pending.deferUnrecorded(entry.label(), Deferred.of(failure)));
    }

    private void rejectArrived(Deferred outcome, Predicate<PendingDelivery> concerned) {
        arrived.stream()
                .filter(delivery -> !delivery.hasReply() && concerned.test(delivery))
                .forEach(delivery -> reject(delivery, outcome));
        decideDue();
    }

    /**
     * Asks the classes of other nodes again that have not examined their parts, since messages between nodes can be
     * lost, and defers the deliveries that have waited too long. What their classes have stored then counts as
     * duplicates when the deliveries are sent again. The caller calls {@link #processNext} afterwards.
     */
    void onTick() {
        for (PendingDelivery late : deadlines.tick()) {
            reject(late, Deferred.of(StoreFailure.UNREACHABLE));
            pending.remove(late);
        }
        if (supervisor.isShared()) {
            undecided.all().forEach(delivery -> delivery.repeat(replies));
        }
        decideDue();
    }

    /** Defers all deliveries to a class. The caller calls {@link #processNext} afterwards. */
    void onForget(ClassEntry entry) {
        rejectArrived(Deferred.FORGETTING, delivery -> delivery.hasSamplesOf(entry.name()));
        rejectUndecided(entry, Deferred.FORGETTING, _ -> true);
        pending.defer(entry.label(), Deferred.FORGETTING);
    }
}
