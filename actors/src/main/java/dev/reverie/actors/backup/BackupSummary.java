package dev.reverie.actors.backup;

import java.time.Instant;
import java.util.OptionalInt;

/**
 * What a complete backup contains.
 *
 * @param classes number of classes that have rows
 * @param events number of events
 * @param snapshots number of snapshots
 * @param bytes size of the backup in bytes
 */
public record BackupSummary(Header header, long classes, long events, long snapshots, long bytes) {

    /**
     * What a backup says about its store.
     *
     * @param taken time at which the backup began; the backup holds exactly what was durable at this moment, without
     *     the rows that {@code store export --skip-damaged} has left out
     * @param storeFormat format number of the tables, see {@link dev.reverie.actors.store.Store}
     * @param factor multi-formation factor of all images in the store, negative if their shape determines it; empty if
     *     the store has not been used
     * @param payloadBytes total size of the payloads of all rows, in bytes
     */
    public record Header(Instant taken, int storeFormat, OptionalInt factor, long payloadBytes) {}
}
