package dev.reverie.actors.cluster;

import dev.reverie.actors.registry.ClassRegistryActor;
import dev.reverie.actors.registry.ClassRegistryState;
import dev.reverie.actors.registry.Registrar;
import dev.reverie.actors.store.StoreFailure;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.NoSerializationVerificationNeeded;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;

/**
 * Stands in for the registry on one node. It passes a change to the {@link Registrar}, repeats it every second, and
 * reports every new registry that reaches the node. When the registrar reports a failure, or does not reply for 2 to 3
 * s, the proxy drops the change, reports a failure, and asks for the registry every second. The failure ends when the
 * registrar replies with a registry, or when a newer one reaches the node.
 */
final class RegistryProxy extends AbstractMatchingBehavior<RegistryProxy.Command> {

    private static final Duration REPEAT = Duration.ofSeconds(1);
    private static final int TICKS_BEFORE_FAILURE = 3;
    private static final ClassRegistryActor.Append QUERY = new ClassRegistryActor.Append(-1, List.of());

    sealed interface Command extends NoSerializationVerificationNeeded {}

    private record Wanted(ClassRegistryActor.Append change) implements Command {}

    private record Viewed(ClassRegistryState registry) implements Command {}

    private record Replied(ClassRegistryActor.Report report) implements Command {}

    private enum Tick implements Command {
        INSTANCE
    }

    private final ActorRef<Registrar.Command> registrar;
    private final ActorRef<ClassRegistryActor.Report> reports;
    private final ActorRef<ClassRegistryActor.Report> replies;
    private Optional<ClassRegistryState> known = Optional.empty();
    /** The change without a reply, which a later registry contains or makes void. */
    private Optional<ClassRegistryActor.Append> change = Optional.empty();

    private int ticksWithoutReply;
    /** The failure that was reported last; empty after a success. */
    private Optional<ClassRegistryActor.Failed> failure = Optional.empty();

    private RegistryProxy(
            ActorContext<Command> context,
            TimerScheduler<Command> timers,
            ActorRef<Registrar.Command> registrar,
            ActorRef<ClassRegistryActor.Report> reports) {
        super(context);
        this.registrar = registrar;
        this.reports = reports;
        this.replies = context.messageAdapter(ClassRegistryActor.Report.class, Replied::new);
        new RegistryView<>(context).subscribe(Viewed::new);
        timers.startTimerWithFixedDelay(Tick.INSTANCE, REPEAT);
    }

    /**
     * Creates a proxy.
     *
     * @param reports receives the registry as soon as it is known, every later one, and failures
     */
    static Behavior<ClassRegistryActor.Append> create(
            ActorRef<Registrar.Command> registrar, ActorRef<ClassRegistryActor.Report> reports) {
        return Behaviors.transformMessages(
                ClassRegistryActor.Append.class,
                Behaviors.<Command>setup(context ->
                        Behaviors.withTimers(timers -> new RegistryProxy(context, timers, registrar, reports))),
                messages -> messages.match(ClassRegistryActor.Append.class, Wanted::new));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Wanted(var wanted) -> {
                change = Optional.of(wanted);
                ticksWithoutReply = 0;
                send();
            }
            case Viewed(var registry) -> {
                change = change.filter(wanted -> wanted.revision() >= registry.revision());
                onRegistry(registry);
            }
            case Replied(ClassRegistryActor.Updated(var registry)) -> {
                ticksWithoutReply = 0;
                change = change.filter(wanted -> wanted.revision() >= registry.revision());
                onReply(registry);
            }
            case Replied(ClassRegistryActor.Failed failed) -> onFailed(failed);
            case Tick.INSTANCE -> onTick();
        }
        return this;
    }

    private void send() {
        registrar.tell(new Registrar.Append(change.orElse(QUERY), replies));
    }

    /** Repeats the change, or asks for the registry while it is not known or the registrar does not reply. */
    private void onTick() {
        if (change.isEmpty() && known.isPresent() && failure.isEmpty()) {
            return;
        }
        ticksWithoutReply++;
        if (ticksWithoutReply >= TICKS_BEFORE_FAILURE && failure.isEmpty() && known.isPresent()) {
            onFailed(new ClassRegistryActor.Failed(
                    StoreFailure.UNREACHABLE, "the node that owns the list of classes does not answer"));
        }
        send();
    }

    /** Reports a registry that is newer than the one reported last, or follows a failure. */
    private void onReply(ClassRegistryState registry) {
        if (failure.isPresent()
                && known.filter(last -> last.revision() >= registry.revision()).isPresent()) {
            failure = Optional.empty();
            known.ifPresent(last -> reports.tell(new ClassRegistryActor.Updated(last)));
        } else {
            onRegistry(registry);
        }
    }

    private void onRegistry(ClassRegistryState registry) {
        if (known.filter(last -> last.revision() >= registry.revision()).isEmpty()) {
            known = Optional.of(registry);
            failure = Optional.empty();
            reports.tell(new ClassRegistryActor.Updated(registry));
        }
    }

    /**
     * Reports a failure. If no change waits for a reply, a failure equal to the last one is not reported again, because
     * every reply to a query repeats it.
     */
    private void onFailed(ClassRegistryActor.Failed failed) {
        boolean isNew = change.isPresent() || failure.filter(failed::equals).isEmpty();
        change = Optional.empty();
        if (isNew) {
            failure = Optional.of(failed);
            reports.tell(failed);
        }
    }
}
