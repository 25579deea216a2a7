package dev.reverie.actors.intake;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
import dev.reverie.actors.store.StoreFailure;
import java.util.List;
import org.apache.pekko.Done;
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

/** Makes the registry durable for the intake, which alone decides what goes into it. */
final class ClassRegistryActor
        extends EventSourcedBehavior<ClassRegistryActor.Write, ClassRegistryEvent, ClassRegistry> {

    /**
     * Appends events, all or none, if the registry is at this revision still; ignored otherwise, since what was sent
     * before a failure must not come in after it.
     */
    record Write(long revision, List<ClassRegistryEvent> events) implements Transferable {
        Write {
            events = List.copyOf(events);
        }
    }

    /** What the intake is told. */
    sealed interface Report extends Transferable {}

    /** The registry as it is durable now: after a write, or after a recovery. */
    record Current(ClassRegistry registry) implements Report {}

    /** The store failed; the registry tries to recover by itself. */
    record Failed(StoreFailure failure, String detail) implements Report {}

    private static final String ID = "registry";
    private static final long EVENTS_PER_SNAPSHOT = 200;

    private final Retention retention;
    private final ActorRef<Report> intake;

    private ClassRegistryActor(Retention retention, ActorRef<Report> intake) {
        super(PersistenceId.ofUniqueId(ID), StoreBackoff.strategy());
        this.retention = retention;
        this.intake = intake;
    }

    static Behavior<Write> create(Retention retention, ActorRef<Report> intake) {
        return Behaviors.setup(context -> new ClassRegistryActor(retention, intake));
    }

    @Override
    public ClassRegistry emptyState() {
        return ClassRegistry.EMPTY;
    }

    @Override
    public CommandHandler<Write, ClassRegistryEvent, ClassRegistry> commandHandler() {
        return (registry, write) -> write.revision() == registry.revision()
                ? Effect().persist(write.events()).thenRun(after -> intake.tell(new Current(after)))
                : Effect().none();
    }

    @Override
    public EventHandler<ClassRegistry, ClassRegistryEvent> eventHandler() {
        return ClassRegistry::after;
    }

    @Override
    public boolean shouldSnapshot(ClassRegistry registry, ClassRegistryEvent event, long sequenceNumber) {
        return sequenceNumber % EVENTS_PER_SNAPSHOT == 0;
    }

    @Override
    public SignalHandler<ClassRegistry> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), registry -> intake.tell(new Current(registry)))
                .onSignal(RecoveryFailed.class, (registry, signal) -> onFailure(signal.getFailure()))
                .onSignal(JournalPersistFailed.class, (registry, signal) -> onFailure(signal.failure()))
                .onSignal(SnapshotCompleted.class, (registry, signal) -> retention
                        .trim(ID, signal.getSnapshotMetadata().sequenceNr())
                        .exceptionally(leftForNextTime -> Done.getInstance()))
                .build();
    }

    private void onFailure(Throwable failure) {
        intake.tell(new Failed(StoreFailure.of(failure), String.valueOf(failure.getMessage())));
    }
}
