package dev.reverie.actors.telemetry;

import java.util.List;
import org.apache.pekko.Done;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractMatchingBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Delivers the events of all actors to every listener, in order and without loss. */
public final class TelemetryActor extends AbstractMatchingBehavior<TelemetryActor.Command> {

    public sealed interface Command {}

    public record Publish(TelemetryEvent event) implements Command {}

    /** Asks for a reply when all events published so far have been delivered. */
    public record Flush(ActorRef<Done> replyTo) implements Command {}

    private final List<TelemetryListener> listeners;

    private TelemetryActor(ActorContext<Command> context, List<TelemetryListener> listeners) {
        super(context);
        this.listeners = List.copyOf(listeners);
    }

    public static Behavior<Command> create(List<TelemetryListener> listeners) {
        return Behaviors.setup(context -> new TelemetryActor(context, listeners));
    }

    /** Returns a listener that publishes each event through the actor. It is thread safe and never blocks. */
    public static TelemetryListener publisher(ActorRef<Command> telemetry) {
        return event -> telemetry.tell(new Publish(event));
    }

    @Override
    public Behavior<Command> onMessage(Command command) {
        switch (command) {
            case Publish(var event) -> listeners.forEach(listener -> deliver(event, listener));
            case Flush(var replyTo) -> replyTo.tell(Done.getInstance());
        }
        return this;
    }

    /** A failing listener must not stop the distillation. */
    private void deliver(TelemetryEvent event, TelemetryListener listener) {
        try {
            listener.on(event);
        } catch (RuntimeException failure) {
            getContext()
                    .getLog()
                    .warn(
                            "A listener for metrics or logs failed on {}, which is lost to it; the distillation"
                                    + " continues",
                            event,
                            failure);
        }
    }
}
