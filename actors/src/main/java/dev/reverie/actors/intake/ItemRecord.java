package dev.reverie.actors.intake;

import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.deduplication.DeliveredItem;
import dev.reverie.actors.deduplication.DeliveredItemsActor;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.store.StoreFailure;
import it.unimi.dsi.fastutil.longs.LongList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The intake's view of the record of delivered items, including items that are not durable yet. Owned by the intake.
 *
 * <p>Only one node of a cluster uses the record at a time: the one that asks for its items. From then on it alone adds
 * items, until its process ends. So the record is read when a node asks for the first time, and not at its start, when
 * another node may still be adding to it.
 */
final class ItemRecord {

    private final ActorContext<IntakeActor.Command> context;
    private final IntakePlan plan;
    private final ActorRef<DeliveredItemsActor.Report> reports;
    private final LongOpenHashSet keys = new LongOpenHashSet();
    /** The new items of deliveries that are not decided. */
    private final LongOpenHashSet reserved = new LongOpenHashSet();

    private final List<ActorRef<IntakeActor.Items>> waiting = new ArrayList<>();
    private final ThrottledWarning warning = new ThrottledWarning();
    /** Empty while another node may be using the record. */
    private Optional<ActorRef<DeliveredItemsActor.Command>> actor = Optional.empty();

    private Optional<StoreFailure> failure = Optional.of(StoreFailure.UNAVAILABLE);
    private boolean settled;
    private long epoch;
    private long durable;
    private long assigned;

    /**
     * Opens the record, which is read at once if it belongs to this process alone.
     *
     * @param shared whether other nodes use the record at other times
     */
    ItemRecord(
            ActorContext<IntakeActor.Command> context,
            IntakePlan plan,
            boolean shared,
            ActorRef<DeliveredItemsActor.Report> reports) {
        this.context = context;
        this.plan = plan;
        this.reports = reports;
        if (!shared) {
            failure = Optional.empty();
            read();
        }
    }

    private void read() {
        boolean damaged =
                plan.damage().of(DeliveredItemsActor.PERSISTENCE_ID.id()).isPresent();
        actor = Optional.of(context.spawn(
                damaged ? Behaviors.ignore() : DeliveredItemsActor.create(plan.retention(), reports),
                "delivered-items"));
        if (damaged) {
            onFailed(StoreFailure.DAMAGED, "damaged");
        }
    }

    /** Whether the record is being read; false if it has been read, or cannot be read because it is damaged. */
    boolean isReading() {
        return actor.isPresent() && !settled;
    }

    /** Why no items can be added now; empty if they can. */
    Optional<StoreFailure> failure() {
        return failure;
    }

    /** Number of items that are durable or have been sent to the record. */
    long assigned() {
        return assigned;
    }

    /** Whether items have been sent to the record and are not durable yet. */
    boolean isWriting() {
        return assigned > durable;
    }

    /** The samples of items that were delivered before, by their positions in the delivery. */
    BitSet repeated(Delivery delivery) {
        BitSet repeated = new BitSet();
        int sample = 0;
        for (DeliveredItem item : delivery.items()) {
            repeated.set(sample, sample + item.samples(), keys.contains(item.key()));
            sample += item.samples();
        }
        return repeated;
    }

    /** Whether another delivery has reserved an item of the delivery. */
    boolean areReserved(Delivery delivery) {
        return delivery.items().stream().anyMatch(item -> reserved.contains(item.key()));
    }

    /** Reserves the items in the delivery that were not delivered before, until {@link #add} or {@link #release}. */
    ItemKeys reserve(Delivery delivery) {
        long[] newKeys = delivery.items().stream()
                .mapToLong(DeliveredItem::key)
                .filter(key -> !keys.contains(key))
                .distinct()
                .toArray();
        reserved.addAll(LongList.of(newKeys));
        return ItemKeys.of(newKeys);
    }

    /** Ends the reservation of items. */
    void release(ItemKeys released) {
        reserved.removeAll(LongList.of(released.toArray()));
    }

    /** Adds reserved items, in the transaction of their samples if they have any new ones. */
    void add(ItemKeys added, Optional<String> transaction) {
        release(added);
        keys.addAll(LongList.of(added.toArray()));
        actor.ifPresent(record -> record.tell(new DeliveredItemsActor.Add(epoch, assigned, transaction, added)));
        assigned += added.size();
    }

    /** Adds items whose samples are durable; returns how many items are durable when these are. */
    long record(ItemKeys added) {
        add(added, Optional.empty());
        return assigned;
    }

    /**
     * Removes items that their ingest source no longer has. While the record cannot be written, they stay in it until
     * the source starts again, since only then it compares all items with those that it has.
     */
    void remove(ItemKeys removed) {
        if (failure.isEmpty()) {
            for (long key : removed.toArray()) {
                keys.remove(key);
            }
            actor.ifPresent(record -> record.tell(new DeliveredItemsActor.Remove(removed)));
        }
    }

    /**
     * Replies with the durable items as soon as the record has been read, and no items are being written: whoever asks
     * does not deliver these items again.
     */
    void replyWhenRead(ActorRef<IntakeActor.Items> replyTo) {
        waiting.add(replyTo);
        if (actor.isEmpty()) {
            read();
        }
        replyIfRead();
    }

    private void replyIfRead() {
        boolean isDamaged = failure.filter(StoreFailure.DAMAGED::equals).isPresent();
        if (settled && (isDamaged || (failure.isEmpty() && !isWriting()))) {
            waiting.forEach(replyTo -> replyTo.tell(new IntakeActor.Items(ItemKeys.of(keys.toLongArray()))));
            waiting.clear();
        }
    }

    void onReport(DeliveredItemsActor.Report report) {
        switch (report) {
            case DeliveredItemsActor.Recovered recovered -> {
                settled = true;
                failure = Optional.empty();
                epoch = recovered.epoch();
                durable = recovered.items().added();
                assigned = durable;
                keys.clear();
                for (long key : recovered.items().keys().toArray()) {
                    keys.add(key);
                }
                replyIfRead();
            }
            case DeliveredItemsActor.Added(var added) -> {
                warning.reset(); // a recovery only reads the record, and the next write may fail again
                durable = added;
                replyIfRead();
            }
            case DeliveredItemsActor.Failed(var cause, var detail) -> onFailed(cause, detail);
        }
    }

    private void onFailed(StoreFailure cause, String detail) {
        settled |= cause == StoreFailure.DAMAGED;
        failure = Optional.of(cause);
        if (warning.isDue(cause, plan.clock().instant())) {
            context.getLog()
                    .warn(
                            cause == StoreFailure.DAMAGED
                                    ? "The record of delivered files in the store is damaged ({}), so no files are"
                                            + " read. Restore the store from a backup."
                                    : "Cannot read or write the record of delivered files in the store ({}). The"
                                            + " service tries again; if this recurs, check the disk or the database"
                                            + " server.",
                            detail);
        }
        replyIfRead();
    }
}
