package dev.reverie.streams.http;

/** The roles that a token can have. */
public enum TokenRole {
    /** Allows to send samples. */
    INGEST,
    /** Allows to read everything. */
    READ,
    /** Allows to seal and forget classes, and includes the other roles. */
    ADMIN
}
