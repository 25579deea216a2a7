package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.reservoir.ReservoirImage;
import dev.reverie.actors.store.FailedWrite;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
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
 * Owns one class of a running service and persists it. Samples and phases are durable before the actor replies. Changes
 * to learned images are held only in memory until the next save, which happens at the next outer iteration or after
 * {@link #SAVE_INTERVAL}, whichever comes first.
 *
 * <p>When the store fails, the actor restarts repeatedly, with growing pauses, until a restart succeeds. Messages to
 * the actor wait until it has recovered. The actor reports the failure to its supervisor, which defers deliveries
 * instead of letting them wait.
 */
public final class DurableClassActor extends EventSourcedBehavior<ClassMessage, ClassEvent, ClassState> {

    /** Messages that the actor sends to itself. */
    private sealed interface Reminder extends ClassMessage, NoSerializationVerificationNeeded {}

    /** Deletes the real images of a sealed class from the store after a kill has prevented the deletion. */
    private record Compact() implements Reminder {}

    private record SaveDue() implements Reminder {}

    private static final String ID_PREFIX = "class|";

    /** Learned images are saved at least this often. */
    static final Duration SAVE_INTERVAL = Duration.ofSeconds(30);

    /** Pause before a message is processed that has to wait for space on the disk. */
    private static final Duration READ_ONLY_PAUSE = Duration.ofSeconds(2);

    private final ActorContext<ClassMessage> context;
    private final TimerScheduler<ClassMessage> timers;
    private final int label;
    private ClassCapacity initialCapacity;
    private final long reservoirKey;
    private final ClassReportSender reporter;
    private final JournalSize journal = new JournalSize();
    private final Retention retention;
    private final ClassLearning learning;
    /** Adding samples is not retried, because the intake defers the delivery and its sender sends it again. */
    private final FailedWrite<ClassMessage> failedWrite =
            new FailedWrite<>(message -> !(message instanceof ClassCommand.AddSamples));
    /** Tag of the transaction to which the events of the current message belong. */
    private Optional<String> transaction = Optional.empty();

    private DurableClassActor(
            ActorContext<ClassMessage> context,
            TimerScheduler<ClassMessage> timers,
            Setup setup,
            DistillationSettings settings,
            Retention retention,
            InstantSource clock,
            ActorRef<ClassReport> supervisor) {
        super(persistenceId(setup.label()), StoreBackoff.strategy());
        this.context = context;
        this.timers = timers;
        this.label = setup.label();
        this.reservoirKey = setup.reservoirKey();
        this.initialCapacity = setup.capacity();
        this.reporter = new ClassReportSender(label, supervisor);
        this.retention = retention;
        this.learning = new ClassLearning(label, setup.name(), settings, clock);
    }

    /**
     * The identity and the initial settings of a class.
     *
     * @param label class index
     * @param reservoirKey seed of the random choices of the reservoir; always the same for the same class
     * @param capacity capacity that the class gets with its first samples
     */
    public record Setup(int label, String name, long reservoirKey, ClassCapacity capacity) {}

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

    /** The persistence id of a class. */
    public static PersistenceId persistenceId(int label) {
        return PersistenceId.ofUniqueId(ID_PREFIX + label);
    }

    /** The index of the class with a persistence id; empty for an id that no class has. */
    public static OptionalInt indexOf(String persistenceId) {
        String digits = persistenceId.startsWith(ID_PREFIX) ? persistenceId.substring(ID_PREFIX.length()) : "";
        return digits.matches("0|[1-9][0-9]{0,8}") ? OptionalInt.of(Integer.parseInt(digits)) : OptionalInt.empty();
    }

    @Override
    public ClassState emptyState() {
        return ClassState.empty(reservoirKey);
    }

    @Override
    public CommandHandler<ClassMessage, ClassEvent, ClassState> commandHandler() {
        return (state, message) -> {
            failedWrite.onMessage(message);
            if (retention.isReadOnly() && isPostponable(message)) {
                timers.startSingleTimer(message, message, READ_ONLY_PAUSE);
                return Effect().none();
            }
            transaction = message instanceof ClassCommand.AddSamples samples ? samples.transaction() : Optional.empty();
            return switch (message) {
                case ClassActor.Command command -> onLearningCommand(state, command);
                case ClassCommand command -> onCommand(state, command);
                case Reminder reminder -> onReminder(state, reminder);
                default -> Effect().unhandled();
            };
        };
    }

    /** Whether the message can wait until the store accepts writes again. Samples can't, since their sender waits. */
    private boolean isPostponable(ClassMessage message) {
        return switch (message) {
            case ClassActor.Initialise _,
                    ClassCommand.ChangeCapacity _,
                    ClassCommand.ChangeQuota _,
                    ClassCommand.EnterPhase _,
                    ClassCommand.Seal _,
                    Reminder _ -> true;
            case ClassCommand.Save _ -> learning.isUnsaved();
            default -> false;
        };
    }

    private Effect<ClassEvent, ClassState> onCommand(ClassState state, ClassCommand command) {
        return switch (command) {
            case ClassCommand.AddSamples samples -> onAddSamples(state, samples);
            case ClassCommand.ChangeCapacity(var capacity) -> onChangeCapacity(state, capacity);
            case ClassCommand.ChangeQuota(var images) -> {
                learning.changeQuota(images, state);
                yield save();
            }
            case ClassCommand.EnterPhase(var phase, var replyTo) -> onEnterPhase(state, phase, replyTo);
            case ClassCommand.Seal(var replyTo) -> onSeal(state, replyTo);
            case ClassCommand.Save(var replyTo) -> save().thenRun(saved -> replyTo.tell(Done.getInstance()));
            case ClassCommand.RecordLoss(var loss) -> {
                learning.recordLoss(loss, state);
                yield Effect().none();
            }
            case ClassCommand.GetSummary(var replyTo) -> {
                replyTo.tell(learning.summary(state));
                yield Effect().none();
            }
            case ClassCommand.Stop() -> Effect().stop();
        };
    }

    private Effect<ClassEvent, ClassState> onReminder(ClassState state, Reminder reminder) {
        return switch (reminder) {
            case SaveDue() -> save();
            case Compact() -> Effect().persist(new ClassEvent.PhaseEntered(state.phase()));
        };
    }

    private Effect<ClassEvent, ClassState> onAddSamples(ClassState state, ClassCommand.AddSamples samples) {
        if (samples.epoch() != reporter.epoch()
                || samples.first() != state.seen()
                || state.phase() == ClassPhase.SEALED) {
            context.getLog()
                    .debug(
                            "Ignored {} samples for class {}: they were sent before a failure or the seal",
                            samples.images().size(),
                            label);
            return Effect().none();
        }
        List<ClassEvent> events = new ArrayList<>();
        ClassState ready = state;
        if (state.capacity().isEmpty()) {
            events.add(new ClassEvent.CapacityChanged(initialCapacity));
            ready = state.after(events.getFirst());
        }
        List<ReservoirImage> chosen = ready.reservoir().choose(samples.first(), samples.images());
        events.add(new ClassEvent.SamplesAdded(samples.first(), samples.fingerprints(), chosen));
        return Effect().persist(events).thenRun(after -> {
            if (!chosen.isEmpty()) {
                learning.onReservoirChanged();
            }
            reporter.samplesStored(after);
        });
    }

    @Override
    public Set<String> tagsFor(ClassEvent event) {
        return transaction.map(Set::of).orElse(Set.of());
    }

    private Effect<ClassEvent, ClassState> onChangeCapacity(ClassState state, ClassCapacity capacity) {
        if (state.seen() == 0) {
            initialCapacity = capacity;
            return Effect().none();
        }
        if (state.has(capacity)) {
            return Effect().none();
        }
        return Effect()
                .persist(new ClassEvent.CapacityChanged(capacity))
                .thenRun(after -> learning.onReservoirChanged());
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
            learning.onPhaseEntered(after);
            reporter.phaseEntered(after.phase());
            replyTo.tell(Done.getInstance());
        });
    }

    private Effect<ClassEvent, ClassState> onLearningCommand(ClassState state, ClassActor.Command command) {
        return switch (command) {
            case ClassActor.Initialise(var images, var replyTo)
            when state.phase() == ClassPhase.COLLECTING ->
                persistPhase(
                        List.of(
                                new ClassEvent.ImagesLearned(learning.initialise(images, state)),
                                new ClassEvent.PhaseEntered(ClassPhase.DISTILLING)),
                        replyTo);
            case ClassActor.Initialise(var images, var replyTo) ->
                Effect().none().thenRun(alreadyDistilling -> replyTo.tell(Done.getInstance()));
            case ClassActor.Clamp clamp -> {
                learning.execute(clamp, state);
                yield save();
            }
            default -> {
                learning.execute(command, state);
                if (learning.isUnsaved() && !timers.isTimerActive(SaveDue.class)) {
                    timers.startSingleTimer(SaveDue.class, new SaveDue(), SAVE_INTERVAL);
                }
                yield Effect().none();
            }
        };
    }

    private EffectBuilder<ClassEvent, ClassState> save() {
        if (retention.isReadOnly()) {
            timers.startSingleTimer(SaveDue.class, new SaveDue(), READ_ONLY_PAUSE);
            return Effect().none();
        }
        timers.cancel(SaveDue.class);
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
                .onSignal(SnapshotCompleted.class, (state, signal) -> onSnapshot(signal))
                .build();
    }

    private void onRecovered(ClassState state) {
        learning.onRecovered(state);
        reporter.recovered(state);
        if (journal.hasDroppedImages(state)) {
            context.getSelf().tell(new Compact());
        }
        if (learning.isUnsaved()) {
            timers.startSingleTimer(SaveDue.class, new SaveDue(), SAVE_INTERVAL);
        }
        failedWrite.retry(context.getSelf());
    }

    private void onPersistFailure(Throwable failure) {
        failedWrite.onFailure();
        onFailure(failure);
    }

    private void onFailure(Throwable failure) {
        journal.reset();
        retention.onFailure(failure);
        reporter.failed(failure);
    }

    private void onSnapshot(SnapshotCompleted signal) {
        journal.reset();
        retention
                .trim(persistenceId().id(), signal.getSnapshotMetadata().sequenceNr())
                .exceptionally(failure -> {
                    context.getSystem()
                            .log()
                            .warn(
                                    "Could not delete old events of class {}: {}. The next snapshot tries again;"
                                            + " nothing needs to be done.",
                                    label,
                                    failure.toString());
                    return Done.getInstance();
                });
    }
}
