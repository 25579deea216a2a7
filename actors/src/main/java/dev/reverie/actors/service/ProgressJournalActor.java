package dev.reverie.actors.service;

import dev.reverie.actors.Asks;
import dev.reverie.actors.ThrottledWarning;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
import dev.reverie.actors.store.StoreFailure;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Persists the progress of a service's distillation. Each event holds the whole progress, so a later event makes up for
 * one that was lost in a store failure.
 */
final class ProgressJournalActor
        extends EventSourcedBehavior<ProgressJournalActor.Save, StoredProgress, StoredProgress> {

    /** Persists the progress; the reply, if requested, follows when the progress is durable. */
    record Save(StoredProgress progress, Optional<ActorRef<Done>> replyTo)
            implements NoSerializationVerificationNeeded {}

    private static final String ID = "distillation";
    private static final long EVENTS_PER_SNAPSHOT = 100;

    private final ActorContext<Save> context;
    private final Retention retention;
    private final ActorRef<ServiceCommand> coordinator;
    private final ThrottledWarning warning = new ThrottledWarning();
    /** The save that is being written. Pekko drops it without a reply if the write fails. */
    private Optional<Save> writing = Optional.empty();

    private Optional<Save> failed = Optional.empty();

    private ProgressJournalActor(
            ActorContext<Save> context,
            Retention retention,
            Optional<String> node,
            ActorRef<ServiceCommand> coordinator) {
        super(PersistenceId.ofUniqueId(ID + node.map(name -> "@" + name).orElse("")), StoreBackoff.strategy());
        this.context = context;
        this.retention = retention;
        this.coordinator = coordinator;
    }

    /**
     * Creates a journal that first reads the stored progress.
     *
     * @param node name of the node of a cluster whose progress this is; empty in a single process
     * @param coordinator receives {@link ServiceCommand.ProgressRecovered} or {@link ServiceCommand.ProgressUnreadable}
     *     after each attempt to read
     */
    static Behavior<Save> create(Retention retention, Optional<String> node, ActorRef<ServiceCommand> coordinator) {
        return Behaviors.setup(context -> new ProgressJournalActor(context, retention, node, coordinator));
    }

    @Override
    public StoredProgress emptyState() {
        return StoredProgress.NONE;
    }

    @Override
    public CommandHandler<Save, StoredProgress, StoredProgress> commandHandler() {
        return (progress, save) -> {
            writing = Optional.of(save);
            if (retention.isReadOnly() && save.replyTo().isEmpty()) {
                return Effect().none(); // the next event holds the whole progress too
            }
            EffectBuilder<StoredProgress, StoredProgress> effect =
                    save.progress().isBefore(progress)
                            ? Effect().none() // later progress is already durable
                            : Effect().persist(save.progress()).thenRun(after -> warning.reset());
            return effect.thenRun(after -> save.replyTo().ifPresent(replyTo -> replyTo.tell(Done.getInstance())));
        };
    }

    @Override
    public EventHandler<StoredProgress, StoredProgress> eventHandler() {
        return (before, after) -> after;
    }

    @Override
    public boolean shouldSnapshot(StoredProgress progress, StoredProgress event, long sequenceNumber) {
        return sequenceNumber % EVENTS_PER_SNAPSHOT == 0;
    }

    @Override
    public SignalHandler<StoredProgress> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(JournalPersistFailed.class, (progress, signal) -> onPersistFailure(signal.failure()))
                .onSignal(RecoveryFailed.class, (progress, signal) -> onRecoveryFailure(signal.getFailure()))
                .onSignal(SnapshotCompleted.class, (progress, signal) -> retention.trimAfter(persistenceId(), signal))
                .build();
    }

    private void onRecovered(StoredProgress progress) {
        failed.ifPresent(context.getSelf()::tell);
        failed = Optional.empty();
        coordinator.tell(new ServiceCommand.ProgressRecovered(progress));
    }

    private void onPersistFailure(Throwable failure) {
        failed = writing;
        retention.onFailure(failure);
        if (warning.isDue(StoreFailure.of(failure))) {
            context.getLog()
                    .warn(
                            "Cannot write the progress of the distillation to the store ({}). The service tries again;"
                                    + " if this recurs, check the disk or the database server.",
                            Asks.reasonOf(failure));
        }
    }

    private void onRecoveryFailure(Throwable failure) {
        retention.onFailure(failure);
        coordinator.tell(new ServiceCommand.ProgressUnreadable(failure));
    }
}
