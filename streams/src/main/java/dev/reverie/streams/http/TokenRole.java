package dev.reverie.streams.http;

/** The roles that a token can have. */
public enum TokenRole {
    /** Allows sending samples. */
    INGEST,
    /** Allows reading everything. */
    READ,
    /** Allows sealing and forgetting classes and taking backups, and includes the other roles. */
    ADMIN
}
