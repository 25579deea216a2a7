package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.store.FailedWrite;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.PersistenceId;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotCompleted;
import org.apache.pekko.persistence.typed.javadsl.CommandHandler;
import org.apache.pekko.persistence.typed.javadsl.Effect;
import org.apache.pekko.persistence.typed.javadsl.EffectBuilder;
import org.apache.pekko.persistence.typed.javadsl.EventHandler;
import org.apache.pekko.persistence.typed.javadsl.EventSourcedBehavior;
import org.apache.pekko.persistence.typed.javadsl.SignalHandler;

/**
 * The only owner of one class that lives on a stream. What it admits and what it learns is durable before it is
 * answered; between two savings, at most an outer iteration or {@link #SAVING} apart, learning is in memory alone.
 *
 * <p>When the store fails it recovers by itself, with growing pauses. Meanwhile what is asked of it waits, and its
 * keeper is told, so that deliveries do not.
 */
public final class DurableClassActor extends EventSourcedBehavior<ClassMessage, ClassEvent, ClassState> {

    /** What it tells itself. */
    private sealed interface Reminder extends ClassMessage, NoSerializationVerificationNeeded {}

    /** Drops the real images of a sealed class from the store, where a kill came before that. */
    private record Compact() implements Reminder {}

    private record SavingIsDue() implements Reminder {}

    /** What is learned is saved this long after the last time at the latest. */
    static final Duration SAVING = Duration.ofSeconds(30);

    private final ActorContext<ClassMessage> context;
    private final TimerScheduler<ClassMessage> timers;
    private final int label;
    private ClassCapacity initialCapacity;
    private final long key;
    private final ClassReporter keeper;
    private final JournalSize journal = new JournalSize();
    private final Retention retention;
    private final ClassLearning learning;
    /** Of a share of a delivery the intake hears that it failed; the delivery comes again. */
    private final FailedWrite<ClassMessage> unfinished =
            new FailedWrite<>(message -> !(message instanceof ClassCommand.Admit));

    private DurableClassActor(
            ActorContext<ClassMessage> context,
            TimerScheduler<ClassMessage> timers,
            Founding founding,
            DistillationSettings settings,
            Retention retention,
            InstantSource clock,
            ActorRef<ClassReport> keeper) {
        super(persistenceId(founding.label()), StoreBackoff.strategy());
        this.context = context;
        this.timers = timers;
        this.label = founding.label();
        this.key = founding.key();
        this.initialCapacity = founding.capacity();
        this.keeper = new ClassReporter(label, keeper);
        this.retention = retention;
        this.learning = new ClassLearning(label, settings, clock);
    }

    /**
     * What a class has from the start.
     *
     * @param label class index
     * @param key seed of its reservoir's choices; always the same for the same class
     * @param capacity that it gets with its first samples
     */
    public record Founding(int label, long key, ClassCapacity capacity) {}

    /**
     * A class with everything the store has of it.
     *
     * @param keeper gets every {@link ClassReport}, the first one when the class has recovered or failed to
     */
    public static Behavior<ClassMessage> create(
            Founding founding,
            DistillationSettings settings,
            Retention retention,
            InstantSource clock,
            ActorRef<ClassReport> keeper) {
        Behavior<ClassMessage> owner = Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new DurableClassActor(context, timers, founding, settings, retention, clock, keeper)));
        return Behaviors.supervise(owner).onFailure(Exception.class, StoreBackoff.strategy());
    }

    /** Under which the events and snapshots of a class are stored. */
    public static PersistenceId persistenceId(int label) {
        return PersistenceId.ofUniqueId("class|" + label);
    }

    @Override
    public ClassState emptyState() {
        return ClassState.unborn(key);
    }

    @Override
    public CommandHandler<ClassMessage, ClassEvent, ClassState> commandHandler() {
        return (state, message) -> {
            unfinished.take(message);
            return switch (message) {
                case ClassActor.Command asked -> onMatching(state, asked);
                case ClassCommand command -> onCommand(state, command);
                case Reminder reminder -> onReminder(state, reminder);
                default -> Effect().unhandled();
            };
        };
    }

    private Effect<ClassEvent, ClassState> onCommand(ClassState state, ClassCommand command) {
        return switch (command) {
            case ClassCommand.Admit delivery -> onAdmit(state, delivery);
            case ClassCommand.ChangeCapacity(var capacity) -> onChangeCapacity(state, capacity);
            case ClassCommand.ChangeQuota(var images) -> {
                learning.resize(images, state);
                yield save();
            }
            case ClassCommand.EnterPhase(var phase, var replyTo) -> onEnterPhase(state, phase, replyTo);
            case ClassCommand.Seal(var replyTo) -> onSeal(state, replyTo);
            case ClassCommand.Save(var replyTo) -> save().thenRun(saved -> replyTo.tell(Done.getInstance()));
            case ClassCommand.NoteLoss(var loss) -> {
                learning.noteLoss(loss);
                yield Effect().none();
            }
            case ClassCommand.View(var replyTo) -> {
                replyTo.tell(learning.view(state));
                yield Effect().none();
            }
            case ClassCommand.Leave() -> Effect().stop();
        };
    }

    private Effect<ClassEvent, ClassState> onReminder(ClassState state, Reminder reminder) {
        return switch (reminder) {
            case SavingIsDue() -> save();
            case Compact() -> Effect().persist(new ClassEvent.PhaseEntered(state.phase()));
        };
    }

    private Effect<ClassEvent, ClassState> onAdmit(ClassState state, ClassCommand.Admit delivery) {
        if (delivery.epoch() != keeper.epoch()
                || delivery.first() != state.seen()
                || state.phase() == ClassPhase.SEALED) {
            context.getLog()
                    .debug(
                            "Too late: {} samples for class {}",
                            delivery.images().size(),
                            label);
            return Effect().none();
        }
        List<ClassEvent> events = new ArrayList<>();
        ClassState ready = state;
        if (state.capacity().isEmpty()) {
            events.add(new ClassEvent.CapacityChanged(initialCapacity));
            ready = state.after(events.getFirst());
        }
        List<ReservoirImage> kept = ready.reservoir().choose(delivery.first(), delivery.images());
        events.add(new ClassEvent.SamplesAdmitted(delivery.first(), delivery.samples(), kept));
        return Effect().persist(events).thenRun(after -> {
            if (!kept.isEmpty()) {
                learning.changed();
            }
            keeper.admitted(after);
        });
    }

    private Effect<ClassEvent, ClassState> onChangeCapacity(ClassState state, ClassCapacity capacity) {
        if (state.seen() == 0) {
            initialCapacity = capacity;
            return Effect().none();
        }
        if (state.has(capacity)) {
            return Effect().none();
        }
        return Effect().persist(new ClassEvent.CapacityChanged(capacity)).thenRun(after -> learning.changed());
    }

    private Effect<ClassEvent, ClassState> onEnterPhase(ClassState state, ClassPhase phase, ActorRef<Done> replyTo) {
        if (phase == ClassPhase.SEALED || state.phase() == ClassPhase.SEALED || state.phase() == phase) {
            return Effect().none().thenRun(same -> replyTo.tell(Done.getInstance()));
        }
        return persistPhase(List.of(new ClassEvent.PhaseEntered(phase)), replyTo);
    }

    private Effect<ClassEvent, ClassState> onSeal(ClassState state, ActorRef<Done> replyTo) {
        if (state.phase() == ClassPhase.SEALED) {
            return Effect().none().thenRun(same -> replyTo.tell(Done.getInstance()));
        }
        List<ClassEvent> events = new ArrayList<>();
        learning.latest(state).ifPresent(latest -> events.add(new ClassEvent.ImagesLearned(latest)));
        events.add(new ClassEvent.PhaseEntered(ClassPhase.SEALED));
        return persistPhase(events, replyTo);
    }

    private Effect<ClassEvent, ClassState> persistPhase(List<ClassEvent> events, ActorRef<Done> replyTo) {
        return Effect().persist(events).thenRun(after -> {
            learning.entered(after);
            keeper.entered(after.phase());
            replyTo.tell(Done.getInstance());
        });
    }

    private Effect<ClassEvent, ClassState> onMatching(ClassState state, ClassActor.Command command) {
        return switch (command) {
            case ClassActor.Initialise(var images, var replyTo)
            when state.phase() == ClassPhase.COLLECTING ->
                persistPhase(
                        List.of(
                                new ClassEvent.ImagesLearned(learning.begin(images, state)),
                                new ClassEvent.PhaseEntered(ClassPhase.DISTILLING)),
                        replyTo);
            case ClassActor.Initialise(var images, var replyTo) ->
                Effect().none().thenRun(begunAlready -> replyTo.tell(Done.getInstance()));
            case ClassActor.Clamp clamp -> {
                learning.answer(clamp, state);
                yield save();
            }
            default -> {
                learning.answer(command, state);
                if (learning.isUnsaved() && !timers.isTimerActive(SavingIsDue.class)) {
                    timers.startSingleTimer(SavingIsDue.class, new SavingIsDue(), SAVING);
                }
                yield Effect().none();
            }
        };
    }

    private EffectBuilder<ClassEvent, ClassState> save() {
        timers.cancel(SavingIsDue.class);
        return learning.isUnsaved()
                ? Effect().persist(new ClassEvent.ImagesLearned(learning.now())).thenRun(learning::saved)
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
                .onSignal(SnapshotCompleted.class, (state, signal) -> onSnapshot(signal))
                .build();
    }

    private void onRecovered(ClassState state) {
        learning.recovered(state);
        keeper.recovered(state);
        if (journal.holdsDroppedImages(state)) {
            context.getSelf().tell(new Compact());
        }
        if (learning.isUnsaved()) {
            timers.startSingleTimer(SavingIsDue.class, new SavingIsDue(), SAVING);
        }
        unfinished.resume(context.getSelf());
    }

    private void onPersistFailure(Throwable failure) {
        unfinished.interrupt();
        onFailure(failure);
    }

    private void onFailure(Throwable failure) {
        journal.reset();
        keeper.failed(failure);
    }

    private void onSnapshot(SnapshotCompleted signal) {
        journal.reset();
        retention
                .trim(persistenceId().id(), signal.getSnapshotMetadata().sequenceNr())
                .exceptionally(failure -> {
                    context.getSystem().log().warn("Old events of class {} are left: {}", label, failure.toString());
                    return Done.getInstance();
                });
    }
}
