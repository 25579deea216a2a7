package dev.reverie.actors.telemetry;

/** The kind of ingest source through which a delivery reached the service. */
public enum IngestSource {
    HTTP,
    KAFKA,
    FILE
}
