package dev.reverie.actors.backup;

/**
 * What a complete backup contains.
 *
 * @param classes number of classes that have rows
 * @param events number of events
 * @param snapshots number of snapshots
 * @param bytes size of the backup in bytes
 */
public record BackupSummary(BackupHeader header, long classes, long events, long snapshots, long bytes) {}
