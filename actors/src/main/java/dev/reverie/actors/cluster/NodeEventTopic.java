package dev.reverie.actors.cluster;

import dev.reverie.actors.telemetry.TelemetryEvent;
import dev.reverie.actors.telemetry.TelemetryListener;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.pubsub.Topic;

/**
 * Tells the other nodes of a cluster what happens on this one, as far as their clients should see it, and delivers the
 * events of the others. A node that has no connection to this one misses the event.
 */
public final class NodeEventTopic implements TelemetryListener {

    private static final String TOPIC = "node-events";

    private final String node;
    private final ActorRef<Topic.Command<NodeEvent>> topic;

    private NodeEventTopic(String node, ActorRef<Topic.Command<NodeEvent>> topic) {
        this.node = node;
        this.topic = topic;
    }

    /**
     * Opens the exchange of events.
     *
     * @param node address of this node, {@code host:port}
     */
    public static NodeEventTopic open(ActorContext<?> context, String node) {
        return new NodeEventTopic(node, context.spawn(Topic.create(NodeEvent.class, TOPIC), TOPIC));
    }

    /** Begins to deliver the events of the other nodes, each as a {@link TelemetryEvent.OfAnotherNode}. */
    public void deliverTo(ActorContext<?> context, TelemetryListener listener) {
        topic.tell(Topic.subscribe(context.spawn(
                Behaviors.receiveMessage(received -> {
                    if (!received.node().equals(node)) {
                        listener.on(new TelemetryEvent.OfAnotherNode(received.node(), received.event()));
                    }
                    return Behaviors.same();
                }),
                "events-of-other-nodes")));
    }

    /** Sends an event of this node to the others. */
    @Override
    public void on(TelemetryEvent event) {
        NodeEvent.of(node, event).ifPresent(shared -> topic.tell(Topic.publish(shared)));
    }
}
