package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredItemsActor;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.lifecycle.ClassReply;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.store.JournalTransactions;
import dev.reverie.actors.store.StoreFailure;
import java.util.Optional;
import java.util.UUID;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * Processes each delivery from its arrival to its reply, in two phases: the classes of the delivery examine it
 * ({@link DeliveryExamination}), and then store it. Owned by the intake.
 */
final class DeliveryProcessor {

    private final ClassSupervisor supervisor;
    private final IntakeLimits limits;
    private final DeliverySender sender;
    private final DeliveryExamination examination;
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
        this.limits = plan.limits();
        this.pending = new PendingDeliveries(items::record);
        this.sender = new DeliverySender(supervisor, items, transactions, replies);
        this.examination = new DeliveryExamination(supervisor, items, plan, sender, pending, replies);
    }

    /** Approximate size of all deliveries without a reply in memory, in bytes. */
    long pendingBytes() {
        return pending.bytes();
    }

    /** Whether every delivery has a reply, or has been sent to classes of this process. */
    boolean isIdle() {
        return examination.isEmpty() && !(supervisor.isShared() && pending.bytes() > 0);
    }

    void deliver(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        if (pending.bytes() > 0 && pending.bytes() + delivery.bytes() > limits.pendingBytes()) {
            replyTo.tell(Deferred.OVERLOADED);
            return;
        }
        PendingDelivery next = new PendingDelivery(delivery, replyTo);
        pending.add(next);
        examination.add(next);
        if (supervisor.isShared()) {
            deadlines.add(next);
        }
        processNext();
    }

    /** Lets classes examine deliveries until one has to wait. */
    void processNext() {
        examination.processNext();
    }

    /** Handles a reply of a class about its part of a delivery. The caller calls {@link #processNext} afterwards. */
    void onReply(ClassReply reply) {
        Optional<ClassEntry> entry = supervisor.classes().at(reply.label());
        if (entry.isPresent()) {
            switch (reply) {
                case ClassReply.Examined examined -> examination.onExamined(entry.get(), examined);
                case ClassReply.Committed(var id, var label, var stored)
                when stored -> pending.onStored(id, label, entry.get().isPopulated());
                case ClassReply.Committed(var id, var label, var _) -> onNotStored(id, label);
            }
        }
        examination.decideDue();
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
                    examination.repeat(entry);
                } else {
                    Deferred outcome = Deferred.of(StoreFailure.UNAVAILABLE);
                    examination.rejectUndecided(entry, outcome, delivery -> delivery.isAwaited(entry));
                    pending.defer(entry.label(), outcome);
                }
            }
            case ClassReport.Failed failed -> {
                Deferred outcome = Deferred.of(failed.failure(), entry.name());
                examination.rejectUndecided(entry, outcome, _ -> true);
                pending.defer(entry.label(), outcome);
            }
            case ClassReport.SamplesStored _, ClassReport.PhaseEntered _, ClassReport.SealRequested _ -> {}
        }
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
        examination.rejectWithItems(outcome);
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
            examination.rejectArrived(Deferred.of(failure), _ -> true);
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

    /**
     * Asks the classes of other nodes again that have not examined their parts, since messages between nodes can be
     * lost, and defers the deliveries that have waited too long. What their classes have stored then counts as
     * duplicates when the deliveries are sent again. The caller calls {@link #processNext} afterwards.
     */
    void onTick() {
        for (PendingDelivery late : deadlines.tick()) {
            examination.reject(late, Deferred.of(StoreFailure.UNREACHABLE));
            pending.remove(late);
        }
        if (supervisor.isShared()) {
            examination.repeat();
        }
        examination.decideDue();
    }

    /** Defers all deliveries to a class. The caller calls {@link #processNext} afterwards. */
    void onForget(ClassEntry entry) {
        examination.rejectArrived(Deferred.FORGETTING, delivery -> delivery.hasSamplesOf(entry.name()));
        examination.rejectUndecided(entry, Deferred.FORGETTING, _ -> true);
        pending.defer(entry.label(), Deferred.FORGETTING);
    }
}
