package dev.reverie.streams.http;

/** What the holder of a token may do. */
public enum TokenRole {
    /** Bring samples. */
    INGEST,
    /** Ask for everything there is to see. */
    READ,
    /** Seal and forget classes, and all of the others. */
    ADMIN
}
