package dev.reverie.actors.registry;

import dev.reverie.actors.Asks;
import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
import dev.reverie.actors.store.StoreFailure;
import java.util.List;
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
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;
import org.slf4j.Logger;

/** Persists the class registry. The registrar decides which events the registry stores. */
public final class ClassRegistryActor
        extends EventSourcedBehavior<ClassRegistryActor.Append, ClassRegistryEvent, ClassRegistryState> {

    /**
     * Appends events, all or none, if the registry still has this revision. Otherwise the actor ignores the message,
     * since a write that was sent before a failure must not be applied after the failure.
     */
    public record Append(long revision, List<ClassRegistryEvent> events) implements NoSerializationVerificationNeeded {
        public Append {
            events = List.copyOf(events);
        }
    }

    public sealed interface Report extends Transferable {}

    /** The durable registry after a write or a recovery. */
    public record Updated(ClassRegistryState registry) implements Report {}

    /** The store failed. The actor restarts and recovers by itself. */
    public record Failed(StoreFailure failure, String detail) implements Report {

        /** Says in the log what happened and what to do. */
        public void log(Logger log) {
            switch (failure) {
                case DAMAGED ->
                    log.error(
                            "The list of classes in the store is damaged ({}), so the service can serve no class."
                                    + " Restore the store from a backup.",
                            detail);
                case UNREACHABLE ->
                    log.warn("Cannot reach the node that owns the list of classes. The service tries again; if this"
                            + " recurs, check the other nodes and the network.");
                case FULL, UNAVAILABLE, OBSOLETE ->
                    log.warn(
                            "Cannot read or write the list of classes in the store ({}). The service tries again; if"
                                    + " this recurs, check the disk or the database server.",
                            detail);
            }
        }
    }

    public static final PersistenceId PERSISTENCE_ID = PersistenceId.ofUniqueId("registry");

    private static final long EVENTS_PER_SNAPSHOT = 200;

    private final Retention retention;
    private final ActorRef<Report> reportTo;

    private ClassRegistryActor(Retention retention, ActorRef<Report> reportTo) {
        super(PERSISTENCE_ID, StoreBackoff.strategy());
        this.retention = retention;
        this.reportTo = reportTo;
    }

    /**
     * Creates the actor, which recovers from the store first.
     *
     * @param reportTo receives a {@link Report} after every recovery, write and failure
     */
    public static Behavior<Append> create(Retention retention, ActorRef<Report> reportTo) {
        return Behaviors.setup(context -> new ClassRegistryActor(retention, reportTo));
    }

    @Override
    public ClassRegistryState emptyState() {
        return ClassRegistryState.EMPTY;
    }

    @Override
    public CommandHandler<Append, ClassRegistryEvent, ClassRegistryState> commandHandler() {
        return (registry, append) -> append.revision() == registry.revision()
                ? Effect().persist(append.events()).thenRun(after -> reportTo.tell(new Updated(after)))
                : Effect().none();
    }

    @Override
    public EventHandler<ClassRegistryState, ClassRegistryEvent> eventHandler() {
        return ClassRegistryState::after;
    }

    @Override
    public boolean shouldSnapshot(ClassRegistryState registry, ClassRegistryEvent event, long sequenceNumber) {
        return sequenceNumber % EVENTS_PER_SNAPSHOT == 0;
    }

    @Override
    public SignalHandler<ClassRegistryState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), registry -> reportTo.tell(new Updated(registry)))
                .onSignal(RecoveryFailed.class, (registry, signal) -> onFailure(signal.getFailure()))
                .onSignal(JournalPersistFailed.class, (registry, signal) -> onFailure(signal.failure()))
                .onSignal(SnapshotCompleted.class, (registry, signal) -> retention.trimAfter(PERSISTENCE_ID, signal))
                .build();
    }

    private void onFailure(Throwable failure) {
        retention.onFailure(failure);
        reportTo.tell(new Failed(StoreFailure.of(failure), Asks.reasonOf(failure)));
    }
}
