package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.reservoir.MaxAge;
import dev.reverie.actors.reservoir.TestShare;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.SnapshotFailed;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * Owns one class of a running service and persists it. Samples and phases are durable before the actor replies. Changes
 * to learned images are held only in memory until the next save, which happens at the next outer iteration or after 30
 * s, whichever comes first.
 *
 * <p>When the store fails, the actor restarts repeatedly, with growing pauses, until a restart succeeds. Messages to
 * the actor wait until it has recovered. The actor reports the failure to its supervisor, which defers deliveries
 * instead of letting them wait.
 */
public final class DurableClassActor extends EventSourcedBehavior<ClassMessage, ClassEvent, ClassState> {

    private final ActorContext<ClassMessage> context;
    private final Setup setup;
    private final InstantSource clock;
    private ClassCapacity initialCapacity;
    private final ClassReportSender reporter;
    private final JournalSize journal = new JournalSize();
    private final Retention retention;
    private final ClassLearning learning;
    private final ClassIds ids;
    private final PostponedCommands postponed;
    private final RealImageDeletion realImageDeletion;
    /** Sequence number of the last snapshot, if it was taken since the recovery. */
    private OptionalLong snapshot = OptionalLong.empty();

    private DurableClassActor(
            ActorContext<ClassMessage> context,
            TimerScheduler<ClassMessage> timers,
            Setup setup,
            DistillationSettings settings,
            Retention retention,
            InstantSource clock,
            ActorRef<ClassReport> supervisor) {
        super(ClassPersistenceId.of(setup.label()), StoreBackoff.strategy());
        this.ids = new ClassIds(setup.label());
        this.postponed = new PostponedCommands(context.getSelf(), timers, () -> ids.areReserved(clock.instant()));
        this.context = context;
        this.setup = setup;
        this.clock = clock;
        this.initialCapacity = setup.capacity();
        this.reporter = new ClassReportSender(setup.label(), supervisor);
        this.retention = retention;
        this.realImageDeletion = new RealImageDeletion(
                context.getSelf(),
                context.getSystem(),
                retention,
                setup.name(),
                persistenceId().id());
        this.learning = new ClassLearning(setup.label(), setup.name(), settings, clock);
    }

    /**
     * The identity and the initial settings of a class.
     *
     * @param label class index
     * @param testShare decides which images are set aside for testing; its key, always the same for the same class, is
     *     also the seed of the random choices of the reservoir
     * @param maxAge age at which real images leave; empty if images of any age stay
     * @param capacity capacity that the class gets with its first samples
     */
    public record Setup(int label, String name, TestShare testShare, Optional<MaxAge> maxAge, ClassCapacity capacity) {}

    /**
     * Creates the actor of a class, which recovers from the store first.
     *
     * @param supervisor receives every {@link ClassReport}, the first one when the class has recovered or has failed to
     *     recover
     */
    public static Behavior<ClassMessage> create(
            Setup setup,
            DistillationSettings settings,
            Retention retention,
            InstantSource clock,
            ActorRef<ClassReport> supervisor) {
        Behavior<ClassMessage> actor = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new DurableClassActor(context, timers, setup, settings, retention, clock, supervisor)));
        return Behaviors.supervise(actor).onFailure(Exception.class, StoreBackoff.strategy());
    }

    @Override
    public ClassState emptyState() {
        return ClassState.empty(setup.testShare().key());
    }

    @Override
    public CommandHandler<ClassMessage, ClassEvent, ClassState> commandHandler() {
        return (state, message) -> {
            // Read-only is read once, because it may change at any time.
            return postponed.postpone(message, retention.isReadOnly(), learning.isUnsaved())
                    ? Effect().none()
                    : process(state, message);
        };
    }

    private Effect<ClassEvent, ClassState> process(ClassState state, ClassMessage message) {
        return switch (message) {
            case ClassActor.Command command -> onLearningCommand(state, command);
            case ClassCommand command -> onCommand(state, command);
            case ClassReminder reminder -> onReminder(state, reminder);
            default -> Effect().unhandled();
        };
    }

    private Effect<ClassEvent, ClassState> onCommand(ClassState state, ClassCommand command) {
        return switch (command) {
            case ClassCommand.Reserve reserve -> {
                reserve.replyTo().tell(ids.reserve(reserve, state.phase(), postponed.isSealing(), clock.instant()));
                yield Effect().none();
            }
            case ClassCommand.Commit samples -> onCommit(state, samples);
            case ClassCommand.Release(var delivery) -> {
                ids.release(delivery);
                postponed.resume();
                yield Effect().none();
            }
            case ClassCommand.ChangeCapacity(var capacity) -> onChangeCapacity(state, capacity);
            case ClassCommand.ChangeQuota(var images) -> {
                learning.changeQuota(images, state);
                yield save();
            }
            case ClassCommand.EnterPhase(var phase, var replyTo) ->
                persistPhase(ClassDecisions.enterPhase(state, phase), replyTo);
            case ClassCommand.Seal(var replyTo) -> onSeal(state, replyTo);
            case ClassCommand.RequestSeal(var requested, var replyTo) -> onRequestSeal(state, requested, replyTo);
            case ClassCommand.Save(var replyTo) -> save().thenRun(saved -> replyTo.tell(Done.getInstance()));
            case ClassCommand.RecordLoss(var loss) -> {
                learning.recordLoss(loss, state);
                yield Effect().none();
            }
            case ClassCommand.GetTestImages(var replyTo) -> {
                replyTo.tell(new ClassActor.Images(state.testImages().images()));
                yield Effect().none();
            }
            case ClassCommand.GetSummary(var replyTo) -> {
                replyTo.tell(learning.summary(state));
                yield Effect().none();
            }
            case ClassCommand.Stop() -> Effect().stop();
        };
    }

    private Effect<ClassEvent, ClassState> onReminder(ClassState state, ClassReminder reminder) {
        return switch (reminder) {
            case ClassReminder.Resume() ->
                postponed.next().map(message -> process(state, message)).orElseGet(() -> Effect()
                        .none());
            case ClassReminder.SaveDue() -> save();
            case ClassReminder.Compact() -> compact(state);
        };
    }

    /**
     * Deletes what precedes the snapshot of a sealed class. Its journal needs a new snapshot first if it has grown
     * since one that is not known.
     */
    private Effect<ClassEvent, ClassState> compact(ClassState state) {
        if (state.phase() != ClassPhase.SEALED) {
            return Effect().none();
        }
        if (snapshot.isEmpty() && !journal.isEmpty()) {
            return Effect().persist(new ClassEvent.PhaseEntered(ClassPhase.SEALED));
        }
        realImageDeletion.deleteBefore(snapshot.orElseGet(() -> lastSequenceNumber(context)));
        return Effect().none();
    }

    private Effect<ClassEvent, ClassState> onCommit(ClassState state, ClassCommand.Commit samples) {
        boolean stores = ids.store(samples, state, reporter.epoch());
        postponed.resume();
        if (!stores) {
            return Effect().none();
        }
        List<ClassEvent> events = ClassDecisions.addSamples(
                state, samples, setup, initialCapacity, clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return Effect().persist(events).thenRun(after -> {
            if (after.reservoir() != state.reservoir()) {
                learning.onReservoirChanged();
            }
            reporter.samplesStored(after);
            ids.onStored(after);
        });
    }

    @Override
    public Set<String> tagsFor(ClassEvent event) {
        return ids.transaction().map(Set::of).orElse(Set.of());
    }

    private Effect<ClassEvent, ClassState> onChangeCapacity(ClassState state, ClassCapacity capacity) {
        if (state.seen() == 0) {
            initialCapacity = capacity;
        }
        List<ClassEvent> events = ClassDecisions.changeCapacity(state, capacity);
        return events.isEmpty()
                ? Effect().none()
                : Effect().persist(events).thenRun(after -> {
                    ids.trim(after);
                    learning.onReservoirChanged();
                });
    }

    private Effect<ClassEvent, ClassState> onSeal(ClassState state, ActorRef<Done> replyTo) {
        return persistPhase(
                state.phase() == ClassPhase.SEALED ? List.of() : ClassDecisions.seal(learning.latest(state)), replyTo);
    }

    private Effect<ClassEvent, ClassState> onRequestSeal(ClassState state, boolean requested, ActorRef<Done> replyTo) {
        List<ClassEvent> events = ClassDecisions.requestSeal(state, requested);
        return Effect().persist(events).thenRun(after -> {
            reporter.sealRequested(after.sealRequested());
            replyTo.tell(Done.getInstance());
        });
    }

    /** Persists events and replies. No events mean that the class has entered the phase already, or a later one. */
    private Effect<ClassEvent, ClassState> persistPhase(List<ClassEvent> events, ActorRef<Done> replyTo) {
        if (events.isEmpty()) {
            return Effect().none().thenRun(same -> replyTo.tell(Done.getInstance()));
        }
        return Effect().persist(events).thenRun(after -> {
            learning.onPhaseEntered(after);
            reporter.phaseEntered(after.phase());
            replyTo.tell(Done.getInstance());
        });
    }

    private Effect<ClassEvent, ClassState> onLearningCommand(ClassState state, ClassActor.Command command) {
        return switch (command) {
            case ClassActor.Initialise(var images, var replyTo) ->
                persistPhase(
                        state.phase() == ClassPhase.COLLECTING
                                ? ClassDecisions.initialise(learning.initialise(images, state))
                                : List.of(),
                        replyTo);
            case ClassActor.Clamp clamp -> {
                learning.execute(clamp, state);
                postponed.remind(new ClassReminder.SaveDue());
                yield Effect().none();
            }
            default -> {
                learning.execute(command, state);
                if (learning.isUnsaved()) {
                    postponed.saveLater();
                }
                yield Effect().none();
            }
        };
    }

    private EffectBuilder<ClassEvent, ClassState> save() {
        postponed.onSave();
        return learning.isUnsaved()
                ? Effect()
                        .persist(new ClassEvent.ImagesLearned(learning.learned()))
                        .thenRun(learning::onSaved)
                : Effect().none();
    }

    @Override
    public EventHandler<ClassState, ClassEvent> eventHandler() {
        return (state, event) -> {
            journal.add(event);
            return state.after(event);
        };
    }

    @Override
    public boolean shouldSnapshot(ClassState state, ClassEvent event, long sequenceNumber) {
        return journal.isSnapshotDue(state, event);
    }

    @Override
    public SignalHandler<ClassState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(RecoveryFailed.class, (state, signal) -> onFailure(signal.getFailure()))
                .onSignal(JournalPersistFailed.class, (state, signal) -> onPersistFailure(signal.failure()))
                .onSignal(SnapshotCompleted.class, (state, signal) -> onSnapshot(state, signal))
                .onSignal(SnapshotFailed.class, (state, signal) -> onSnapshotFailure(state, signal.getFailure()))
                .build();
    }

    private void onRecovered(ClassState state) {
        learning.onRecovered(state);
        ids.onRecovered(state);
        reporter.recovered(state);
        if (state.phase() == ClassPhase.SEALED) {
            postponed.remind(new ClassReminder.Compact());
        }
        postponed.onRecovered(learning.isUnsaved());
    }

    private void onPersistFailure(Throwable failure) {
        postponed.onFailure();
        onFailure(failure);
        ids.onFailure();
    }

    private void onFailure(Throwable failure) {
        journal.reset();
        snapshot = OptionalLong.empty();
        retention.onFailure(failure);
        reporter.failed(failure);
    }

    private void onSnapshot(ClassState state, SnapshotCompleted signal) {
        journal.reset();
        snapshot = OptionalLong.of(signal.getSnapshotMetadata().sequenceNr());
        if (state.phase() == ClassPhase.SEALED) {
            realImageDeletion.deleteBefore(snapshot.getAsLong());
        } else {
            retention.trimAfter(persistenceId(), signal);
        }
    }

    private void onSnapshotFailure(ClassState state, Throwable failure) {
        retention.onFailure(failure);
        if (state.phase() == ClassPhase.SEALED) {
            snapshot = OptionalLong.empty(); // events after an earlier snapshot contain real images
            realImageDeletion.retryAfter(failure);
        }
    }
}
