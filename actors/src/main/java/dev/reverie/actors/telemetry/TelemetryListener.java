package dev.reverie.actors.telemetry;

/** Receives telemetry events, in order and from one thread at a time. Must return quickly. */
@FunctionalInterface
public interface TelemetryListener {

    void on(TelemetryEvent event);
}
