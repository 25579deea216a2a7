package dev.reverie.actors.telemetry;

/** The way by which a delivery reached the service. */
public enum IngestSource {
    HTTP,
    KAFKA,
    FILE
}
