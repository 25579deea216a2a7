package dev.reverie.actors.intake;

/** Where a delivery came in. */
public enum Door {
    HTTP,
    KAFKA,
    FILE
}
