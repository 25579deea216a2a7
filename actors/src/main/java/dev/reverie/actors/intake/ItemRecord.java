package dev.reverie.actors.intake;

import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.deduplication.DeliveredItem;
import dev.reverie.actors.deduplication.DeliveredItemsActor;
import dev.reverie.actors.deduplication.ItemKeys;
import dev.reverie.actors.store.StoreFailure;
import it.unimi.dsi.fastutil.longs.LongList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The intake's view of the record of delivered items, including items that are not durable yet. Owned by the intake.
 *
 * <p>The record is read when an ingest source asks for its items. Only one node of a cluster uses it at a time: the one
 * that has asked last, which alone adds items until its process ends.
 */
final class ItemRecord {

    private final ActorContext<IntakeActor.Command> context;
    private final IntakeSettings settings;
    private final ActorRef<DeliveredItemsActor.Report> reports;
    private final LongOpenHashSet keys = new LongOpenHashSet();
    /** The deliveries whose items are being written. */
    private final LongOpenHashSet writing = new LongOpenHashSet();

    private final List<ActorRef<IntakeActor.Items>> waiting = new ArrayList<>();
    private final ThrottledWarning warning = new ThrottledWarning();
    /** Empty before the first ingest source asks. */
    private Optional<ActorRef<DeliveredItemsActor.Command>> actor = Optional.empty();

    private Optional<StoreFailure> failure = Optional.of(StoreFailure.UNAVAILABLE);
    private boolean settled;

    ItemRecord(
            ActorContext<IntakeActor.Command> context,
            IntakeSettings settings,
            ActorRef<DeliveredItemsActor.Report> reports) {
        this.context = context;
        this.settings = settings;
        this.reports = reports;
    }

    private void read() {
        boolean damaged =
                settings.damage().of(DeliveredItemsActor.PERSISTENCE_ID.id()).isPresent();
        actor = Optional.of(context.spawn(
                damaged ? Behaviors.ignore() : DeliveredItemsActor.create(settings.retention(), reports),
                "delivered-items"));
        if (damaged) {
            onFailed(StoreFailure.DAMAGED, "damaged");
        }
    }

    /** Why no items can be added now; empty if they can. */
    Optional<StoreFailure> failure() {
        return failure;
    }

    /** Whether an item was delivered before, so that all its samples are durable. */
    boolean wasDelivered(DeliveredItem item) {
        return keys.contains(item.key());
    }

    /** Adds the items of a delivery whose samples are durable; {@link DeliveredItemsActor.Added} follows. */
    void add(long delivery, ItemKeys added) {
        keys.addAll(LongList.of(added.toArray()));
        writing.add(delivery);
        actor.ifPresent(record -> record.tell(new DeliveredItemsActor.Add(delivery, added)));
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
        if (settled && (isDamaged || (failure.isEmpty() && writing.isEmpty()))) {
            waiting.forEach(replyTo -> replyTo.tell(new IntakeActor.Items(ItemKeys.of(keys.toLongArray()))));
            waiting.clear();
        }
    }

    void onReport(DeliveredItemsActor.Report report) {
        switch (report) {
            case DeliveredItemsActor.Recovered(var items) -> {
                settled = true;
                failure = Optional.empty();
                writing.clear();
                keys.clear();
                keys.addAll(LongList.of(items.keys().toArray()));
                replyIfRead();
            }
            case DeliveredItemsActor.Added(var delivery) -> {
                warning.reset(); // a recovery only reads the record, and the next write may fail again
                writing.remove(delivery);
                replyIfRead();
            }
            case DeliveredItemsActor.Failed(var cause, var detail) -> onFailed(cause, detail);
        }
    }

    private void onFailed(StoreFailure cause, String detail) {
        settled |= cause == StoreFailure.DAMAGED;
        failure = Optional.of(cause);
        if (warning.isDue(cause, settings.clock().instant())) {
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
