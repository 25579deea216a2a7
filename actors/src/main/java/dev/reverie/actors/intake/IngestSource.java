package dev.reverie.actors.intake;

/** Where a delivery came in. */
public enum IngestSource {
    HTTP,
    KAFKA,
    FILE
}
