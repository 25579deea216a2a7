package dev.reverie.actors.deduplication;

import dev.reverie.actors.Asks;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
import dev.reverie.actors.store.StoreFailure;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Persists the record of delivered files. The intake alone decides what is added. Like a class, the record recovers by
 * itself when the store has failed.
 */
public final class DeliveredFilesActor
        extends EventSourcedBehavior<
                DeliveredFilesActor.Command, DeliveredFilesActor.Event, DeliveredFilesActor.State> {

    public sealed interface Command extends NoSerializationVerificationNeeded {}

    /**
     * Adds the files of a delivery whose samples are durable.
     *
     * @param delivery identifies the delivery in the reply
     */
    public record Add(long delivery, FileKeys keys) implements Command {}

    /** Removes files, unless the store is read-only. Their source removes them again after its next start. */
    public record Remove(FileKeys keys) implements Command {}

    public sealed interface Report extends NoSerializationVerificationNeeded {}

    /** The record after a recovery. */
    public record Recovered(State files) implements Report {}

    /** The files of a delivery are durable. */
    public record Added(long delivery) implements Report {}

    /** The store failed. The actor restarts and recovers by itself. */
    public record Failed(StoreFailure failure, String detail) implements Report {}

    /**
     * The durable record of the files that were delivered and that their ingest source still has.
     *
     * @param added number of files added so far
     */
    public record State(long added, FileKeys keys) implements Transferable {

        static final State NONE = new State(0, FileKeys.NONE);

        State after(Event event) {
            return switch (event) {
                case FilesAdded(var files) -> new State(added + files.size(), keys.with(files));
                case FilesRemoved(var files) -> new State(added, keys.without(files));
            };
        }
    }

    public sealed interface Event extends Transferable {
        FileKeys keys();
    }

    /** Files were delivered, whose samples are durable. */
    public record FilesAdded(FileKeys keys) implements Event {}

    /** The ingest source no longer has these files and will not deliver them again. */
    public record FilesRemoved(FileKeys keys) implements Event {}

    public static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("delivered-items");

    /** The journal may grow to this size before a snapshot, in bytes. */
    private static final long MIN_JOURNAL = 1 << 20;

    /** Approximate size of an event without its keys, in bytes. */
    private static final long EVENT_BYTES = 200;

    private final Retention retention;
    private final ActorRef<Report> reportTo;
    private long journalBytes;

    private DeliveredFilesActor(Retention retention, ActorRef<Report> reportTo) {
        super(PERSISTENCE_ID, StoreBackoff.strategy());
        this.retention = retention;
        this.reportTo = reportTo;
    }

    /**
     * Creates the actor, which recovers from the store first.
     *
     * @param reportTo receives a {@link Report} after every recovery, write and failure
     */
    public static Behavior<Command> create(Retention retention, ActorRef<Report> reportTo) {
        return StoreBackoff.supervise(Behaviors.setup(_ -> new DeliveredFilesActor(retention, reportTo)));
    }

    @Override
    public State emptyState() {
        return State.NONE;
    }

    @Override
    public CommandHandler<Command, Event, State> commandHandler() {
        return (files, command) -> switch (command) {
            case Add(var delivery, var keys) ->
                Effect().persist(new FilesAdded(keys)).thenRun(after -> reportTo.tell(new Added(delivery)));
            case Remove(var keys) -> remove(keys);
        };
    }

    private Effect<Event, State> remove(FileKeys keys) {
        return retention.isReadOnly() ? Effect().none() : Effect().persist(new FilesRemoved(keys));
    }

    @Override
    public EventHandler<State, Event> eventHandler() {
        return (files, event) -> {
            journalBytes += EVENT_BYTES + bytes(event.keys());
            return files.after(event);
        };
    }

    private static long bytes(FileKeys keys) {
        return (long) Long.BYTES * keys.size();
    }

    @Override
    public boolean shouldSnapshot(State files, Event event, long sequenceNumber) {
        return journalBytes > Math.max(MIN_JOURNAL, bytes(files.keys()));
    }

    @Override
    public SignalHandler<State> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(RecoveryFailed.class, (files, signal) -> onFailure(signal.getFailure()))
                .onSignal(JournalPersistFailed.class, (files, signal) -> onFailure(signal.failure()))
                .onSignal(SnapshotCompleted.class, (files, signal) -> onSnapshot(signal))
                .build();
    }

    private void onRecovered(State files) {
        reportTo.tell(new Recovered(files));
    }

    private void onFailure(Throwable failure) {
        journalBytes = 0;
        retention.onFailure(failure);
        reportTo.tell(new Failed(StoreFailure.of(failure), Asks.reasonOf(failure)));
    }

    private void onSnapshot(SnapshotCompleted signal) {
        journalBytes = 0;
        retention.trimAfter(PERSISTENCE_ID, signal);
    }
}
