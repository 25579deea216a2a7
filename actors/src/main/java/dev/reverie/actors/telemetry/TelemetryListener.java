package dev.reverie.actors.telemetry;

/** Reads telemetry. Called from one thread at a time, in the order of the events; must return quickly. */
@FunctionalInterface
public interface TelemetryListener {

    void on(TelemetryEvent event);
}
