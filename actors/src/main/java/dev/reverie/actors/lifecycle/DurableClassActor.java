package dev.reverie.actors.lifecycle;

import dev.reverie.actors.classes.ClassActor;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.deduplication.DuplicateIndex;
import dev.reverie.actors.deduplication.FingerprintBlock;
import dev.reverie.actors.deduplication.SampleVerdict;
import dev.reverie.actors.store.Retention;
import dev.reverie.actors.store.StoreBackoff;
import dev.reverie.actors.telemetry.ClassPhase;
import dev.reverie.gpu.method.DistillationSettings;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.PreRestart;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.persistence.typed.JournalPersistFailed;
import org.apache.pekko.persistence.typed.RecoveryCompleted;
import org.apache.pekko.persistence.typed.RecoveryFailed;
import org.apache.pekko.persistence.typed.SnapshotAdapter;
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
 * s, whichever comes first, or after 10 minutes if the class has converged. They are also saved when the class enters
 * another phase.
 *
 * <p>When the store fails, the actor restarts repeatedly, with growing pauses, until a restart succeeds. Messages to
 * the actor wait until it has recovered. The actor reports the failure to its supervisor, which defers deliveries
 * instead of letting them wait.
 */
public final class DurableClassActor extends EventSourcedBehavior<ClassMessage, ClassEvent, ClassState> {

    private final ActorContext<ClassMessage> context;
    private final ClassSetup setup;
    private final InstantSource clock;
    /** The capacity that the class has, or gets with its first samples. */
    private ClassCapacity capacity;

    private final ClassPublisher publisher;
    private final Retention retention;
    private final ClassLearning learning;
    /** Recognises the last durable samples. Belongs to this class: another class may have the same ids. */
    private final DuplicateIndex known = new DuplicateIndex();

    private final PostponedCommands postponed;
    private final SaveQueue.Turn turn;
    private final JournalCompaction compaction;

    private DurableClassActor(
            ActorContext<ClassMessage> context,
            TimerScheduler<ClassMessage> timers,
            ClassSetup setup,
            DistillationSettings settings,
            Retention retention,
            InstantSource clock,
            ActorRef<ClassReport> supervisor) {
        super(ClassPersistenceId.of(setup.classIndex()), StoreBackoff.strategy());
        this.postponed = new PostponedCommands(context.getSelf(), timers);
        this.turn = SaveQueue.of(context.getSystem()).of(context.getSelf());
        this.context = context;
        this.setup = setup;
        this.clock = clock;
        this.capacity = setup.capacity();
        this.retention = retention;
        this.compaction = new JournalCompaction(context.getSelf(), retention, setup.name(), persistenceId());
        this.learning = new ClassLearning(setup, settings, clock);
        this.publisher =
                new ClassPublisher(setup.classIndex(), learning, () -> lastSequenceNumber(context), supervisor);
    }

    /**
     * Creates the actor of a class, which recovers from the store first.
     *
     * @param supervisor receives every {@link ClassReport}, the first one when the class has recovered or has failed to
     *     recover
     */
    public static Behavior<ClassMessage> create(
            ClassSetup setup,
            DistillationSettings settings,
            Retention retention,
            InstantSource clock,
            ActorRef<ClassReport> supervisor) {
        return StoreBackoff.supervise(Behaviors.setup(context -> Behaviors.withTimers(
                timers -> new DurableClassActor(context, timers, setup, settings, retention, clock, supervisor))));
    }

    @Override
    public ClassState emptyState() {
        return ClassState.empty(setup.testShare().key());
    }

    @Override
    public CommandHandler<ClassMessage, ClassEvent, ClassState> commandHandler() {
        return (state, message) -> {
            // Read-only is read once, because it may change at any time.
            return postponed.postpone(message, retention.isReadOnly())
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
            case ClassCommand.AddSamples samples -> onAddSamples(state, samples);
            case ClassCommand.Withdraw(var id, var replyTo) ->
                Effect().persist(ClassDecisions.withdraw(state, id)).thenRun(after -> {
                    if (!after.equals(state)) {
                        learning.onWithdrawn(after);
                        publisher.publish(after);
                    }
                    replyTo.tell(new ClassCommand.Withdrawn(after.withdrawal(id)));
                });
            case ClassCommand.SealAt(var seen, var replyTo) ->
                seen == state.seen() ? onSeal(state, replyTo) : Effect().reply(replyTo, publisher.info(state));
            case ClassCommand.ChangeCapacity(var capacity) -> onChangeCapacity(state, capacity);
            case ClassCommand.ChangeQuota quota -> {
                learning.changeQuota(quota, state);
                yield save().thenRun(publisher::publish);
            }
            case ClassCommand.EnterPhase(var phase, var replyTo) ->
                persistPhase(ClassDecisions.enterPhase(state, phase))
                        .thenRun(after -> replyTo.tell(Done.getInstance()));
            case ClassCommand.Seal(var replyTo) -> onSeal(state, replyTo);
            case ClassCommand.RequestSeal(var requested, var replyTo) ->
                Effect()
                        .persist(ClassDecisions.requestSeal(state, requested))
                        .thenRun(after -> replyTo.tell(publisher.publish(after)));
            case ClassCommand.Save(var replyTo) -> {
                turn.await(replyTo);
                if (learning.isUnsaved()) {
                    context.getSelf().tell(ClassReminder.SAVE_DUE);
                } else {
                    turn.onSaved();
                }
                yield Effect().none();
            }
            case ClassCommand.RecordLoss(var loss) -> {
                learning.recordLoss(loss, state);
                publisher.publish(state);
                yield Effect().none();
            }
            case ClassCommand.Question question -> Effect().none().thenRun(after -> publisher.answer(question, after));
            case ClassCommand.Stop() -> Effect().stop();
        };
    }

    private Effect<ClassEvent, ClassState> onReminder(ClassState state, ClassReminder reminder) {
        return switch (reminder) {
            case RESUME -> Effect().none().thenRun(after -> postponed.resume());
            case SAVE_DUE -> save();
            case COMPACT -> compact(state);
            case COMPACT_LATER -> Effect().none().thenRun(after -> postponed.compactLater());
        };
    }

    /** Deletes the real images of a sealed class from its journal, or takes the snapshot that must precede this. */
    private Effect<ClassEvent, ClassState> compact(ClassState state) {
        if (state.phase() == ClassPhase.SEALED && compaction.needsSnapshot()) {
            return Effect().persist(new ClassEvent.PhaseEntered(ClassPhase.SEALED));
        }
        if (state.phase() == ClassPhase.SEALED) {
            compaction.deleteRealImages(lastSequenceNumber(context));
        }
        return Effect().none();
    }

    private Effect<ClassEvent, ClassState> onAddSamples(ClassState state, ClassCommand.AddSamples samples) {
        List<SampleVerdict> verdicts = known.judge(
                samples.fingerprints(),
                state.phase() == ClassPhase.SEALED ? SampleVerdict.SEALED : SampleVerdict.STORED);
        int[] fresh = IntStream.range(0, verdicts.size())
                .filter(i -> verdicts.get(i) == SampleVerdict.STORED)
                .toArray();
        if (fresh.length == 0) {
            return Effect().reply(samples.replyTo(), samples.judged(verdicts, publisher.info(state)));
        }
        FingerprintBlock fingerprints = samples.fingerprints().at(fresh);
        List<ClassEvent> events = ClassDecisions.addSamples(
                state,
                fingerprints,
                IntStream.of(fresh).mapToObj(samples.images()::get).toList(),
                setup,
                capacity,
                clock.instant().truncatedTo(ChronoUnit.MILLIS));
        return Effect().persist(events).thenRun(after -> {
            known.add(fingerprints, after.window().recognised());
            if (after.reservoir() != state.reservoir()) {
                learning.onReservoirChanged(after);
            }
            samples.replyTo().tell(samples.judged(verdicts, publisher.publish(after)));
        });
    }

    private Effect<ClassEvent, ClassState> onChangeCapacity(ClassState state, ClassCapacity wanted) {
        capacity = wanted;
        List<ClassEvent> events = ClassDecisions.changeCapacity(state, wanted);
        return events.isEmpty()
                ? Effect().none()
                : Effect().persist(events).thenRun(after -> {
                    known.trim(after.window().recognised());
                    learning.onReservoirChanged(after);
                    publisher.publish(after);
                });
    }

    private Effect<ClassEvent, ClassState> onSeal(ClassState state, ActorRef<ClassInfo> replyTo) {
        boolean isSealed = state.phase() == ClassPhase.SEALED;
        return persistPhase(isSealed ? List.of() : ClassDecisions.seal(learning.latest(state)))
                .thenRun(after -> replyTo.tell(publisher.info(after)));
    }

    /** Persists events. No events mean that the class has entered the phase already, or a later one. */
    private EffectBuilder<ClassEvent, ClassState> persistPhase(List<ClassEvent> events) {
        return events.isEmpty()
                ? Effect().none()
                : Effect().persist(events).thenRun(after -> {
                    learning.onPhaseEntered(after);
                    if (learning.isUnsaved()) {
                        context.getSelf().tell(ClassReminder.SAVE_DUE);
                    }
                    publisher.publish(after);
                });
    }

    private Effect<ClassEvent, ClassState> onLearningCommand(ClassState state, ClassActor.Command command) {
        if (command instanceof ClassActor.Initialise(var images, var replyTo)) {
            List<ClassEvent> events = state.phase() == ClassPhase.COLLECTING
                    ? ClassDecisions.initialise(learning.initialise(images, state))
                    : List.of();
            return persistPhase(events).thenRun(after -> replyTo.tell(Done.getInstance()));
        }
        learning.execute(command, state);
        if (command instanceof ClassActor.Clamp && state.phase() != ClassPhase.CONVERGED) {
            context.getSelf().tell(ClassReminder.SAVE_DUE);
        } else if (learning.isUnsaved()) {
            postponed.saveLater(state.phase());
        }
        return Effect().none();
    }

    /** Saves the learned images, now or when it is the turn of this class. */
    private EffectBuilder<ClassEvent, ClassState> save() {
        postponed.onSave();
        if (!learning.isUnsaved()) {
            return Effect().none().thenRun(after -> turn.onSaved());
        }
        return turn.take(learning.storedBytes())
                ? Effect()
                        .persist(new ClassEvent.ImagesLearned(learning.learned()))
                        .thenRun(after -> {
                            learning.onSaved();
                            turn.onSaved();
                        })
                : Effect().none();
    }

    @Override
    public EventHandler<ClassState, ClassEvent> eventHandler() {
        return (state, event) -> {
            compaction.add(event);
            if (event instanceof ClassEvent.ImagesLearned(var learned)) {
                learning.onStored(learned);
            }
            return state.after(event);
        };
    }

    @Override
    public SnapshotAdapter<ClassState> snapshotAdapter() {
        return StoredSnapshot.adapter(learning);
    }

    @Override
    public boolean shouldSnapshot(ClassState state, ClassEvent event, long sequenceNumber) {
        return compaction.isSnapshotDue(state.storedBytes() + learning.storedBytes(), event);
    }

    @Override
    public SignalHandler<ClassState> signalHandler() {
        return newSignalHandlerBuilder()
                .onSignal(RecoveryCompleted.instance(), this::onRecovered)
                .onSignal(PreRestart.instance(), state -> turn.end())
                .onSignal(PostStop.instance(), state -> turn.end())
                .onSignal(RecoveryFailed.class, (state, signal) -> onFailure(signal.getFailure()))
                .onSignal(JournalPersistFailed.class, (state, signal) -> {
                    postponed.onFailure();
                    onFailure(signal.failure());
                })
                .onSignal(SnapshotCompleted.class, compaction::onSnapshot)
                .onSignal(
                        SnapshotFailed.class,
                        (state, signal) -> compaction.onSnapshotFailure(state, signal.getFailure()))
                .build();
    }

    private void onRecovered(ClassState state) {
        learning.onRecovered(state);
        known.clear();
        known.add(state.window().all(), state.window().recognised());
        publisher.recovered(state);
        if (!ClassDecisions.changeCapacity(state, capacity).isEmpty()) {
            context.getSelf().tell(new ClassCommand.ChangeCapacity(capacity));
        }
        if (state.phase() == ClassPhase.SEALED) {
            context.getSelf().tell(ClassReminder.COMPACT);
        }
        postponed.onRecovered(learning.isUnsaved());
        if (turn.isAwaited()) {
            context.getSelf().tell(ClassReminder.SAVE_DUE);
        }
    }

    private void onFailure(Throwable failure) {
        turn.end();
        learning.onFailure();
        compaction.reset();
        retention.onFailure(failure);
        publisher.failed(failure);
    }
}
