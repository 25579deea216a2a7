package dev.reverie.actors.cluster;

import dev.reverie.actors.serialization.Transferable;
import dev.reverie.actors.telemetry.TelemetryEvent;
import java.util.Optional;

/** An event of one node that the clients of the other nodes see, too. */
sealed interface NodeEvent extends Transferable {

    /** Address of the node, {@code host:port}. */
    String node();

    TelemetryEvent event();

    record LoopCompleted(String node, TelemetryEvent.InnerLoopCompleted event) implements NodeEvent {}

    record RepresentativesChosen(String node, TelemetryEvent.RepresentativesChosen event) implements NodeEvent {}

    record Warned(String node, TelemetryEvent.Warning event) implements NodeEvent {}

    record WorkerRestarted(String node, TelemetryEvent.WorkerRestarted event) implements NodeEvent {}

    /**
     * Returns the message for the other nodes; empty if the other nodes do not need the event, or learn of it another
     * way.
     */
    static Optional<NodeEvent> of(String node, TelemetryEvent event) {
        return switch (event) {
            case TelemetryEvent.InnerLoopCompleted loop -> Optional.of(new LoopCompleted(node, loop));
            case TelemetryEvent.RepresentativesChosen chosen -> Optional.of(new RepresentativesChosen(node, chosen));
            case TelemetryEvent.Warning warning -> Optional.of(new Warned(node, warning));
            case TelemetryEvent.WorkerRestarted restarted -> Optional.of(new WorkerRestarted(node, restarted));
            default -> Optional.empty();
        };
    }
}
