package dev.reverie.actors.intake;

import dev.reverie.actors.deduplication.DeliveredItemsActor;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.intake.DeliveryOutcome.Accepted;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReply;
import dev.reverie.actors.store.JournalTransactions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.persistence.typed.PersistenceId;

/** Sends the samples of deliveries to their classes, which store them. Owned by the {@link DeliveryProcessor}. */
final class DeliverySender {

    private final ClassSupervisor supervisor;
    private final ItemRecord items;
    private final JournalTransactions transactions;
    private final ActorRef<ClassReply> replies;

    DeliverySender(
            ClassSupervisor supervisor,
            ItemRecord items,
            JournalTransactions transactions,
            ActorRef<ClassReply> replies) {
        this.supervisor = supervisor;
        this.items = items;
        this.transactions = transactions;
        this.replies = replies;
    }

    /**
     * Sends each class its new samples, and the record of delivered items the new items. They store all of them in one
     * transaction, or none. Shared classes, which have reserved the samples, store them one by one, and the items are
     * recorded afterwards: an item that is recorded is not delivered again.
     *
     * @param pending replies when everything is durable
     */
    void sendToClasses(PendingDelivery delivery, PendingDeliveries pending) {
        Optional<String> transaction = begin(delivery);
        ItemKeys newItems = delivery.takeNewItems();
        if (supervisor.isShared()) {
            items.release(newItems);
            delivery.recordAfterSamples(newItems);
        } else if (newItems.size() > 0) {
            items.add(newItems, transaction);
        }
        int accepted = 0;
        for (DeliveryPart part : delivery.parts()) {
            ClassEntry entry = part.entry().orElseThrow();
            if (part.hasNewSamples()) {
                accepted += part.newPositions().size();
                send(delivery, entry, part.newPositions(), transaction);
            }
            if (part.hasNewSamples() || !entry.isPopulated()) {
                pending.await(delivery, entry.label(), part.hasNewSamples());
            }
        }
        if (!delivery.delivery().items().isEmpty() && items.isWriting()) {
            pending.awaitItems(delivery, items.assigned());
        }
        pending.sentToAllClasses(
                delivery, new Accepted(accepted, delivery.samples().size() - accepted));
    }

    /** Begins a transaction if several actors store parts of the delivery, all of them in this process. */
    private Optional<String> begin(PendingDelivery delivery) {
        if (supervisor.isShared()) {
            return Optional.empty();
        }
        List<PersistenceId> participants = new ArrayList<>();
        delivery.parts().stream()
                .filter(DeliveryPart::hasNewSamples)
                .forEach(part -> participants.add(part.entry().orElseThrow().persistenceId()));
        if (delivery.newItems().size() > 0) {
            participants.add(DeliveredItemsActor.PERSISTENCE_ID);
        }
        return participants.size() > 1 ? Optional.of(transactions.begin(participants)) : Optional.empty();
    }

    private void send(
            PendingDelivery delivery, ClassEntry entry, List<Integer> positions, Optional<String> transaction) {
        int channels = supervisor.shape().orElseThrow().channels();
        entry.onSent();
        entry.actor()
                .tell(new ClassCommand.Commit(
                        delivery.id(),
                        entry.epoch(),
                        transaction,
                        FingerprintBlock.of(positions.stream()
                                .map(delivery.fingerprints()::get)
                                .toList()),
                        positions.stream()
                                .map(i -> delivery.samples().get(i).image().withChannels(channels))
                                .toList(),
                        replies));
    }

    /** Aborts the unfinished transactions of an actor that will store none of what was sent to it so far. */
    void abortTransactions(PersistenceId participant) {
        transactions.abort(participant);
    }
}
