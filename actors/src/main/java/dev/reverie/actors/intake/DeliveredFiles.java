package dev.reverie.actors.intake;

import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.deduplication.DeliveredFile;
import dev.reverie.actors.deduplication.DeliveredFilesActor;
import dev.reverie.actors.deduplication.FileKeys;
import dev.reverie.actors.store.StoreFailure;
import it.unimi.dsi.fastutil.longs.LongList;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * The intake's view of the record of delivered files, including files that are not durable yet. Owned by the intake.
 *
 * <p>The record is read when an ingest source asks for its files. Only one node of a cluster uses it at a time: the one
 * that has asked last, which alone adds files until its process ends.
 */
final class DeliveredFiles {

    private final ActorContext<IntakeActor.Command> context;
    private final IntakeSettings settings;
    private final ActorRef<DeliveredFilesActor.Report> reports;
    private final LongOpenHashSet keys = new LongOpenHashSet();
    /** The files that are being written, by their deliveries. */
    private final Map<Long, FileKeys> writing = new HashMap<>();

    private final List<ActorRef<IntakeActor.DeliveredKeys>> waiting = new ArrayList<>();
    private final ThrottledWarning warning = new ThrottledWarning();
    /** Empty before the first ingest source asks. */
    private Optional<ActorRef<DeliveredFilesActor.Command>> actor = Optional.empty();

    private Optional<StoreFailure> failure = Optional.of(StoreFailure.UNAVAILABLE);
    private boolean settled;

    DeliveredFiles(
            ActorContext<IntakeActor.Command> context,
            IntakeSettings settings,
            ActorRef<DeliveredFilesActor.Report> reports) {
        this.context = context;
        this.settings = settings;
        this.reports = reports;
    }

    private void read() {
        boolean damaged =
                settings.damage().of(DeliveredFilesActor.PERSISTENCE_ID.id()).isPresent();
        actor = Optional.of(context.spawn(
                damaged ? Behaviors.ignore() : DeliveredFilesActor.create(settings.retention(), reports),
                "delivered-items"));
        if (damaged) {
            onFailed(StoreFailure.DAMAGED, "damaged");
        }
    }

    /** Why no files can be added now; empty if they can. */
    Optional<StoreFailure> failure() {
        return failure;
    }

    /** Whether a file was delivered before, so that all its samples are durable. */
    boolean wasDelivered(DeliveredFile file) {
        return keys.contains(file.key());
    }

    /** Adds the files of a delivery whose samples are durable; {@link DeliveredFilesActor.Added} follows. */
    void add(long delivery, FileKeys added) {
        writing.put(delivery, added);
        actor.ifPresent(record -> record.tell(new DeliveredFilesActor.Add(delivery, added)));
    }

    /** Whether the files of a delivery are being written, or their write has failed since the last recovery. */
    boolean isRecording(PendingDelivery delivery) {
        return writing.containsKey(delivery.id());
    }

    /**
     * Removes files that their ingest source no longer has. While the record cannot be written, they stay in it until
     * the source starts again, since only then it compares all files with those that it has.
     */
    void remove(FileKeys removed) {
        if (failure.isEmpty()) {
            for (long key : removed.toArray()) {
                keys.remove(key);
            }
            actor.ifPresent(record -> record.tell(new DeliveredFilesActor.Remove(removed)));
        }
    }

    /**
     * Replies with the durable files as soon as the record has been read, and no files are being written: whoever asks
     * does not deliver these files again.
     */
    void replyWhenRead(ActorRef<IntakeActor.DeliveredKeys> replyTo) {
        waiting.add(replyTo);
        if (actor.isEmpty()) {
            read();
        }
        replyIfRead();
    }

    private void replyIfRead() {
        boolean isDamaged = failure.filter(StoreFailure.DAMAGED::equals).isPresent();
        if (settled && (isDamaged || (failure.isEmpty() && writing.isEmpty()))) {
            waiting.forEach(replyTo -> replyTo.tell(new IntakeActor.DeliveredKeys(FileKeys.of(keys.toLongArray()))));
            waiting.clear();
        }
    }

    void onReport(DeliveredFilesActor.Report report) {
        switch (report) {
            case DeliveredFilesActor.Recovered(var files) -> {
                settled = true;
                failure = Optional.empty();
                writing.clear();
                keys.clear();
                keys.addAll(LongList.of(files.keys().toArray()));
                replyIfRead();
            }
            case DeliveredFilesActor.Added(var delivery) -> {
                warning.reset(); // a recovery only reads the record, and the next write may fail again
                keys.addAll(LongList.of(Optional.ofNullable(writing.remove(delivery))
                        .orElse(FileKeys.NONE)
                        .toArray()));
                replyIfRead();
            }
            case DeliveredFilesActor.Failed(var cause, var detail) -> onFailed(cause, detail);
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
