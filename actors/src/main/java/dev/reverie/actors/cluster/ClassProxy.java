package dev.reverie.actors.cluster;

import dev.reverie.actors.classes.ClassMessage;
import dev.reverie.actors.lifecycle.ClassCommand;
import dev.reverie.actors.lifecycle.ClassReport;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.util.Optional;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;

/**
 * Stands in for a class on one node. It passes all messages to the class, wherever it lives, and subscribes to its
 * reports every 2 s; this also starts the class again if it has stopped. It reports a failure when it subscribes for
 * the third time since the last report of the class, which is 4 to 6 s after that report.
 */
final class ClassProxy extends AbstractMatchingBehavior<ClassMessage> {

    private static final Duration TICK = Duration.ofSeconds(2);
    private static final int TICKS_BEFORE_FAILURE = 3;

    private record Reported(ClassReport report) implements ClassMessage, NoSerializationVerificationNeeded {}

    private record Tick() implements ClassMessage, NoSerializationVerificationNeeded {}

    private final int classIndex;
    private final ActorRef<ShardingEnvelope<ClassMessage>> region;
    private final ActorRef<ClassReport> reports;
    private final ActorRef<ClassReport> subscriber;
    private Optional<ClassReport> last = Optional.empty();
    private int ticksWithoutAnswer;

    private ClassProxy(
            ActorContext<ClassMessage> context,
            TimerScheduler<ClassMessage> timers,
            int classIndex,
            ActorRef<ShardingEnvelope<ClassMessage>> region,
            ActorRef<ClassReport> reports) {
        super(context);
        this.classIndex = classIndex;
        this.region = region;
        this.reports = reports;
        this.subscriber = context.messageAdapter(ClassReport.class, Reported::new);
        timers.startTimerWithFixedDelay(new Tick(), TICK);
        subscribe();
    }

    /**
     * Creates a proxy.
     *
     * @param region passes messages to the node where the class lives
     */
    static Behavior<ClassMessage> create(
            int classIndex, ActorRef<ShardingEnvelope<ClassMessage>> region, ActorRef<ClassReport> reports) {
        return Behaviors.setup(context ->
                Behaviors.withTimers(timers -> new ClassProxy(context, timers, classIndex, region, reports)));
    }

    @Override
    public Behavior<ClassMessage> onMessage(ClassMessage message) {
        switch (message) {
            case ClassCommand.Stop _ -> {
                return Behaviors.stopped();
            }
            case Reported(var report) -> {
                ticksWithoutAnswer = 0;
                onReported(report);
            }
            case Tick() -> onTick();
            default -> pass(message);
        }
        return this;
    }

    private void pass(ClassMessage message) {
        region.tell(new ShardingEnvelope<>(String.valueOf(classIndex), message));
    }

    private void subscribe() {
        pass(new ClassEntity.Subscribe(subscriber));
    }

    private void onTick() {
        ticksWithoutAnswer++;
        if (ticksWithoutAnswer == TICKS_BEFORE_FAILURE) {
            onReported(new ClassReport.Failed(
                    classIndex,
                    StoreFailure.UNREACHABLE,
                    "the class has not answered for 4 to 6 s: its node is unreachable, or still reads the class from"
                            + " the store"));
        }
        subscribe();
    }

    private void onReported(ClassReport now) {
        if (last.filter(now::equals).isEmpty()) {
            last = Optional.of(now);
            reports.tell(now);
        }
    }
}
