package dev.reverie.actors.cluster;

import dev.reverie.actors.Asks;
import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.intake.ClassFactory;
import dev.reverie.actors.lifecycle.ClassCapacity;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassInfo;
import dev.reverie.actors.lifecycle.ClassPersistenceId;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.Done;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.Signal;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;

/**
 * Runs a class on the node where it lives. It starts the actor of the class when the registry of the node has the
 * class, passes messages on to it, and its reports to the subscribers. Before the class moves to another node, it saves
 * what the class has learned.
 *
 * <p>When the store has rejected a write because another node owns the class now, the entity stops at once and drops
 * what is not saved, so that it cannot replace images of the new owner.
 */
final class ClassEntity extends AbstractMatchingBehavior<ClassMessage> {

    static final EntityTypeKey<ClassMessage> KEY = EntityTypeKey.create(ClassMessage.class, "class");

    private static final Duration TICK = Duration.ofSeconds(5);
    private static final int TICKS_OF_SUBSCRIPTION = 3;
    private static final Duration SAVE_TIMEOUT = Duration.ofSeconds(10);
    /** Maximum number of messages that wait until the class is in the registry of the node; later ones are dropped. */
    private static final int MAX_EARLY = 1000;

    /**
     * Asks for the last report of the class, now and after every change. The subscription ends 10 to 15 s after the
     * last such message.
     */
    record Subscribe(ActorRef<ClassReport> subscriber) implements ClassMessage {}

    /** Saves what the class has learned, if it has recovered, and stops. */
    record HandOff() implements ClassMessage, NoSerializationVerificationNeeded {}

    private record RegistryChanged(ClassRegistryState registry)
            implements ClassMessage, NoSerializationVerificationNeeded {}

    private record Reported(ClassReport report) implements ClassMessage, NoSerializationVerificationNeeded {}

    private record SaveEnded(boolean saved) implements ClassMessage, NoSerializationVerificationNeeded {}

    private record Tick() implements ClassMessage, NoSerializationVerificationNeeded {}

    private final int classIndex;
    private final ClassFactory factory;
    private final LocalClasses localClasses;
    /** The subscribers, and the ticks until each is removed unless it subscribes again. */
    private final Map<ActorRef<ClassReport>, Integer> subscribers = new HashMap<>();

    private final Deque<ClassMessage> early = new ArrayDeque<>();
    private Optional<ActorRef<ClassMessage>> actor = Optional.empty();
    private Optional<ClassReport> last = Optional.empty();
    private boolean recovered;
    private Optional<ClassCapacity> capacity = Optional.empty();
    private boolean leaving;

    private ClassEntity(
            ActorContext<ClassMessage> context,
            TimerScheduler<ClassMessage> timers,
            int classIndex,
            ClassFactory factory,
            LocalClasses localClasses) {
        super(context);
        this.localClasses = localClasses;
        this.classIndex = classIndex;
        this.factory = factory;
        new RegistryView<>(context).subscribe(RegistryChanged::new);
        timers.startTimerWithFixedDelay(new Tick(), TICK);
    }

    /**
     * Creates an entity.
     *
     * @param localClasses is told when the class starts and stops on this node
     */
    static Behavior<ClassMessage> create(int classIndex, ClassFactory factory, LocalClasses localClasses) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ClassEntity(context, timers, classIndex, factory, localClasses)));
    }

    @Override
    public Behavior<ClassMessage> onSignal(Signal signal) {
        if (signal == PostStop.instance()) {
            localClasses.depart(classIndex);
            return this;
        }
        return Behaviors.unhandled();
    }

    @Override
    public Behavior<ClassMessage> onMessage(ClassMessage message) {
        return switch (message) {
            case Subscribe(var subscriber) -> {
                subscribers.put(subscriber, TICKS_OF_SUBSCRIPTION);
                last.ifPresent(subscriber::tell);
                yield this;
            }
            case RegistryChanged(var registry) -> onRegistryChanged(registry);
            case Reported(var report) -> onReported(report);
            case Tick() -> {
                subscribers.replaceAll((_, left) -> left - 1);
                subscribers.values().removeIf(left -> left == 0);
                yield this;
            }
            case HandOff() -> onHandOff();
            case SaveEnded(var saved) -> onSaveEnded(saved);
            default -> pass(message);
        };
    }

    private Behavior<ClassMessage> pass(ClassMessage message) {
        if (actor.isPresent() && !leaving) {
            actor.get().tell(message);
        } else if (!leaving && early.size() < MAX_EARLY) {
            early.add(message);
        }
        return this;
    }

    private Behavior<ClassMessage> onRegistryChanged(ClassRegistryState registry) {
        if (!registry.names().containsKey(classIndex)) {
            return registry.isUnassigned(classIndex) ? this : Behaviors.stopped();
        }
        ClassCapacity share = factory.capacity(registry);
        if (actor.isEmpty()) {
            start(registry);
        } else if (capacity.filter(share::equals).isEmpty()) {
            actor.get().tell(new ClassCommand.ChangeCapacity(share));
        }
        capacity = Optional.of(share);
        return this;
    }

    private void start(ClassRegistryState registry) {
        Optional<String> damage =
                factory.settings().damage().of(ClassPersistenceId.of(classIndex).id());
        ActorRef<ClassMessage> started = getContext()
                .spawn(
                        factory.create(
                                registry,
                                classIndex,
                                damage,
                                getContext().messageAdapter(ClassReport.class, Reported::new)),
                        "actor");
        getContext().watch(started); // the entity ends with the actor, and the next message starts both again
        actor = Optional.of(started);
        localClasses.arrive(classIndex);
        early.forEach(started::tell);
        early.clear();
    }

    private Behavior<ClassMessage> onReported(ClassReport report) {
        last = Optional.of(report);
        recovered |= report instanceof ClassInfo;
        subscribers.keySet().forEach(subscriber -> subscriber.tell(report));
        boolean fenced = report instanceof ClassReport.Failed failed && failed.failure() == StoreFailure.OBSOLETE;
        if (fenced) {
            localClasses.fence(classIndex);
            return Behaviors.stopped();
        }
        return this;
    }

    private Behavior<ClassMessage> onSaveEnded(boolean saved) {
        if (!saved) {
            getContext()
                    .getLog()
                    .warn(
                            "Class {} leaves this node without what it has learned since its last save: the store did not"
                                    + " accept it within {} s. Check the disk or the database server.",
                            classIndex,
                            SAVE_TIMEOUT.toSeconds());
        }
        return Behaviors.stopped();
    }

    private Behavior<ClassMessage> onHandOff() {
        if (leaving) {
            return this;
        }
        localClasses.handOver(classIndex);
        if (actor.isEmpty() || !recovered) {
            return Behaviors.stopped(); // it has nothing to save, and might never answer
        }
        leaving = true;
        getContext()
                .pipeToSelf(
                        Asks.<ClassMessage, Done>ask(
                                actor.get(),
                                ClassCommand.Save::new,
                                SAVE_TIMEOUT,
                                getContext().getSystem().scheduler()),
                        (done, failure) -> new SaveEnded(failure == null));
        return this;
    }
}
