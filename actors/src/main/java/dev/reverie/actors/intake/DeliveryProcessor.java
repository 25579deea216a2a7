package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredItemsActor;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.deduplication.SampleFingerprint;
import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.intake.DeliveryOutcome.Deferred;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.store.JournalTransactions;
import dev.reverie.actors.store.StoreFailure;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;

/**
 * Processes each delivery from its arrival to its reply. Deliveries are validated in the order of their arrival; a
 * delivery that has to wait for a class holds up those after it. Owned by the intake.
 */
final class DeliveryProcessor {

    /** Stands for the record of delivered items among the classes that a delivery waits for. */
    private static final int ITEMS = -1;

    private final ClassSupervisor supervisor;
    private final IntakeLimits limits;
    private final JournalTransactions transactions;
    private final ItemRecord items;
    private final DuplicateIndex index = new DuplicateIndex();
    private final DeliveryValidator validator;
    /** The capacity to which the index of every class was trimmed last. */
    private Optional<ClassCapacity> indexCapacity = Optional.empty();

    private final Deque<PendingDelivery> unvalidated = new ArrayDeque<>();
    private final PendingDeliveries pending = new PendingDeliveries();

    DeliveryProcessor(ClassSupervisor supervisor, ItemRecord items, IntakePlan plan, JournalTransactions transactions) {
        this.supervisor = supervisor;
        this.items = items;
        this.transactions = transactions;
        this.limits = plan.limits();
        this.validator = new DeliveryValidator(supervisor.classes(), index, items, plan);
    }

    /** Total size of the images in all deliveries without a reply, in bytes. */
    long pendingBytes() {
        return pending.bytes();
    }

    void deliver(Delivery delivery, ActorRef<DeliveryOutcome> replyTo) {
        if (pending.bytes() > 0 && pending.bytes() + delivery.bytes() > limits.pendingBytes()) {
            replyTo.tell(Deferred.OVERLOADED);
            return;
        }
        PendingDelivery arrived = new PendingDelivery(delivery, replyTo);
        pending.add(arrived);
        unvalidated.add(arrived);
        processNext();
    }

    /** Validates deliveries until one has to wait. */
    void processNext() {
        for (PendingDelivery next = unvalidated.peek(); next != null && isProcessed(next); next = unvalidated.peek()) {
            unvalidated.remove();
        }
    }

    /** Refuses, defers or sends the delivery; returns false if it has to wait. */
    private boolean isProcessed(PendingDelivery delivery) {
        return switch (validator.validate(delivery, supervisor.shape())) {
            case DeliveryValidator.Rejected(var outcome) -> {
                pending.reply(delivery, outcome);
                yield true;
            }
            case DeliveryValidator.Valid valid -> {
                sendToClasses(delivery, valid);
                yield true;
            }
            case DeliveryValidator.NotReady() -> false;
            case DeliveryValidator.NewClasses(var names, var shape) -> {
                supervisor.register(names, shape);
                yield false;
            }
        };
    }

    /**
     * Sends each class its new samples, and the record of delivered items the new items. They store all of them in one
     * transaction, or none.
     */
    private void sendToClasses(PendingDelivery delivery, DeliveryValidator.Valid valid) {
        List<ClassEntry> writing = valid.newSamples().entrySet().stream()
                .filter(each -> !each.getValue().isEmpty())
                .map(Map.Entry::getKey)
                .toList();
        ItemKeys newItems = items.newKeys(delivery.delivery());
        List<PersistenceId> participants =
                new ArrayList<>(writing.stream().map(ClassEntry::persistenceId).toList());
        if (newItems.size() > 0) {
            participants.add(DeliveredItemsActor.PERSISTENCE_ID);
        }
        Optional<String> transaction =
                participants.size() > 1 ? Optional.of(transactions.begin(participants)) : Optional.empty();
        if (newItems.size() > 0) {
            items.add(newItems, transaction);
        }
        writing.forEach(entry -> send(delivery, entry, valid.newSamples().getOrDefault(entry, List.of()), transaction));
        valid.newSamples().forEach((entry, indices) -> {
            if (entry.assigned() > entry.recorded()) {
                pending.await(delivery, entry.label(), entry.assigned(), !indices.isEmpty());
            }
        });
        if (!delivery.delivery().items().isEmpty() && items.isWriting()) {
            pending.await(delivery, ITEMS, items.assigned(), newItems.size() > 0);
        }
        pending.sentToAllClasses(delivery, new Accepted(valid.accepted(), valid.duplicates()));
    }

    private void send(PendingDelivery delivery, ClassEntry entry, List<Integer> indices, Optional<String> transaction) {
        int channels = supervisor.shape().orElseThrow().channels();
        List<SampleFingerprint> fingerprints =
                indices.stream().map(delivery.fingerprints()::get).toList();
        long first = entry.assignOrdinals(indices.size());
        fingerprints.forEach(
                each -> index.add(entry.label(), each, entry.capacity().fingerprints()));
        entry.actor()
                .tell(new ClassCommand.AddSamples(
                        entry.epoch(),
                        first,
                        transaction,
                        FingerprintBlock.of(fingerprints),
                        indices.stream()
                                .map(i -> delivery.samples().get(i).image().withChannels(channels))
                                .toList()));
    }

    /** Handles a report from a class. The caller calls {@link #processNext} afterwards. */
    void onClassReport(ClassEntry entry, ClassReport report) {
        switch (report) {
            case ClassReport.SamplesStored _ -> pending.classIsDurable(entry.label(), entry.recorded());
            case ClassReport.Recovered recovered -> {
                pending.defer(entry.label(), Deferred.of(StoreFailure.UNAVAILABLE));
                index.replace(entry.label(), recovered.fingerprints());
                trimIndex(entry);
            }
            case ClassReport.Failed failed -> {
                Deferred outcome = Deferred.of(failed.failure(), entry.name());
                pending.defer(entry.label(), entry.stored() > entry.recorded() ? outcome.perhapsStored() : outcome);
            }
            case ClassReport.PhaseEntered _, ClassReport.SealRequested _ -> {}
        }
    }

    /** Handles a report from the record of delivered items. The caller calls {@link #processNext} afterwards. */
    void onItemsReport(DeliveredItemsActor.Report report) {
        switch (report) {
            case DeliveredItemsActor.Added(var added) -> pending.classIsDurable(ITEMS, added);
            case DeliveredItemsActor.Recovered _ -> deferItems(StoreFailure.UNAVAILABLE);
            case DeliveredItemsActor.Failed(var failure, var detail) -> deferItems(failure);
        }
    }

    private void deferItems(StoreFailure failure) {
        transactions.abort(DeliveredItemsActor.PERSISTENCE_ID);
        pending.defer(ITEMS, Deferred.of(failure));
    }

    /** Aborts the unfinished transactions of a class that will store none of the samples sent to it so far. */
    void abortTransactions(int label) {
        transactions.abort(ClassPersistenceId.of(label));
    }

    /** Replies to the deliveries that waited until the registry had recorded that a class has durable samples. */
    void onPopulated(ClassEntry entry) {
        pending.classIsDurable(entry.label(), entry.recorded());
    }

    /**
     * Handles a report from the registry, after which the capacities of classes may be different. The caller calls
     * {@link #processNext} afterwards.
     */
    void onRegistryReport(ClassRegistryActor.Report report) {
        if (report instanceof ClassRegistryActor.Failed(var failure, var detail)) {
            while (!unvalidated.isEmpty()) {
                pending.reply(unvalidated.remove(), Deferred.of(failure));
            }
            deferUnrecorded(failure);
        }
        if (!supervisor.capacity().equals(indexCapacity)) {
            indexCapacity = supervisor.capacity();
            supervisor.classes().all().forEach(this::trimIndex);
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
        supervisor
                .unrecorded()
                .forEach(entry ->
                        pending.defer(entry.label(), Deferred.of(failure).perhapsStored()));
    }

    private void trimIndex(ClassEntry entry) {
        index.trim(entry.label(), entry.capacity().fingerprints());
    }

    /**
     * Defers all deliveries to a class and drops its fingerprints. The caller calls {@link #processNext} afterwards.
     */
    void onForget(ClassEntry entry) {
        List<PendingDelivery> waiting = unvalidated.stream()
                .filter(each -> each.hasSamplesOf(entry.name()))
                .toList();
        unvalidated.removeIf(each -> each.hasSamplesOf(entry.name()));
        waiting.forEach(each -> pending.reply(each, Deferred.FORGETTING));
        pending.defer(entry.label(), Deferred.FORGETTING);
        index.remove(entry.label());
    }
}
