package dev.reverie.deploy.cli;

import dev.reverie.actors.backup.BackupSummary;
import dev.reverie.deploy.text.Plural;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Describes a backup in one sentence. */
final class BackupSentence {

    private static final double MEGA = 1e6;

    private BackupSentence() {}

    /** Returns a sentence such as {@code 10 classes as of 2026-01-02T03:04:05Z (12 events, 10 snapshots, 1.2 MB)}. */
    static String of(BackupSummary summary) {
        return String.format(
                Locale.ROOT,
                "%s as of %s (%s, %s, %.1f MB)",
                Plural.of(summary.classes(), "class", "classes"),
                summary.header().taken().truncatedTo(ChronoUnit.SECONDS),
                Plural.of(summary.events(), "event"),
                Plural.of(summary.snapshots(), "snapshot"),
                summary.bytes() / MEGA);
    }
}
