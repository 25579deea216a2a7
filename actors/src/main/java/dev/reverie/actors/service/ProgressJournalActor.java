package dev.reverie.actors.service;

import dev.reverie.actors.store.FailedWrite;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
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
 * Makes progress durable. Each record is the whole of it, so one that is lost in a failure of the store is made good by
 * the next.
 */
final class ProgressJournalActor
        extends EventSourcedBehavior<ProgressJournalActor.Note, StoredProgress, StoredProgress> {

    /** Makes progress durable; answered, where somebody asks, when it is. */
    record Note(StoredProgress progress, Optional<ActorRef<Done>> replyTo)
            implements NoSerializationVerificationNeeded {}

    private static final String ID = "distillation";
    private static final long RECORDS_PER_SNAPSHOT = 100;

    private final ActorContext<Note> context;
    private final Retention retention;
    private final ActorRef<ServiceCommand> owner;
    private final FailedWrite<Note> unfinished = new FailedWrite<>(note -> true);

    private ProgressJournalActor(ActorContext<Note> context, Retention retention, ActorRef<ServiceCommand> owner) {
        super(PersistenceId.ofUniqueId(ID), StoreBackoff.strategy());
        this.context = context;
        this.retention = retention;
        this.owner = owner;
    }

    /**
     * A journal.
     *
     * @param owner is told {@link ServiceCommand.Recovered} or {@link ServiceCommand.Unreadable} after each attempt to
     *     read it
     */
    static Behavior<Note> create(Retention retention, ActorRef<ServiceCommand> owner) {
        return Behaviors.setup(context -> new ProgressJournalActor(context, retention, owner));
    }

    @Override
    public StoredProgress emptyState() {
        return StoredProgress.NONE;
    }

    @Override
    public CommandHandler<Note, StoredProgress, StoredProgress> commandHandler() {
        return (progress, note) -> {
            unfinished.onMessage(note);
            EffectBuilder<StoredProgress, StoredProgress> effect =
                    note.progress().isBefore(progress)
                            ? Effect().none() // what is durable already says more
                            : Effect().persist(note.progress());
            return effect.thenRun(after -> note.replyTo().ifPresent(replyTo -> replyTo.tell(Done.getInstance())));
        };
    }

    @Override
    public EventHandler<StoredProgress, StoredProgress> eventHandler() {
        return (before, after) -> after;
    }

    @Override
    public boolean shouldSnapshot(StoredProgress progress, StoredProgress event, long sequenceNumber) {
        return sequenceNumber % RECORDS_PER_SNAPSHOT == 0;
    }

    @Override
    public SignalHandler<StoredProgress> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(JournalPersistFailed.class, (progress, signal) -> unfinished.onFailure())
                .onSignal(
                        RecoveryFailed.class,
                        (progress, signal) -> owner.tell(new ServiceCommand.Unreadable(signal.getFailure())))
                .onSignal(SnapshotCompleted.class, (progress, signal) -> retention
                        .trim(ID, signal.getSnapshotMetadata().sequenceNr())
                        .exceptionally(failure -> {
                            context.getLog().debug("Old records of progress are left", failure);
                            return Done.getInstance();
                        }))
                .build();
    }

    private void onRecovered(StoredProgress progress) {
        unfinished.retry(context.getSelf());
        owner.tell(new ServiceCommand.Recovered(progress));
    }
}
