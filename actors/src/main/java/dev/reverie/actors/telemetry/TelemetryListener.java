package dev.reverie.actors.telemetry;

/**
 * Receives telemetry events, in order and from one thread at a time. Must return quickly. The listener that
 * {@link TelemetryActor#publisher} returns is thread safe.
 */
@FunctionalInterface
public interface TelemetryListener {

    void on(TelemetryEvent event);
}
