package dev.reverie.deploy.backup;

import dev.reverie.actors.store.CheckProgress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.text.Plural;
import java.util.Locale;

/**
 * Shows how much of a backup has been read or written, once per megabyte, or how many rows of a store have been
 * verified, about a thousand times. Not thread safe.
 */
public final class BackupProgress implements CheckProgress {

    private static final double MEGA = 1e6;
    private static final long BYTES = 1_000_000;
    private static final int UPDATES = 1000;

    private final ProgressView view;
    private final Step step;
    private final long expectedBytes;
    private long next;

    /** A step of a task with backups, and its part of the bar. */
    enum Step {
        /** The only step. */
        ONLY("", 0, 1),
        /** What precedes the steps that the bar shows. */
        PREPARING("", 0, 0),
        COPYING("copied ", 0, 0.5),
        VERIFYING("verified ", 0.5, 1);

        private final String done;
        private final double from;
        private final double to;

        Step(String done, double from, double to) {
            this.done = done;
            this.from = from;
            this.to = to;
        }

        private double fraction(long finished, long total) {
            return from + (to - from) * (total > 0 ? Math.min(1, (double) finished / total) : 1);
        }
    }

    /** Shows the progress of a step with a backup of approximately this number of bytes. */
    BackupProgress(ProgressView view, Step step, long expectedBytes) {
        this.view = view;
        this.step = step;
        this.expectedBytes = expectedBytes;
    }

    static BackupProgress ofRows(ProgressView view, Step step) {
        return new BackupProgress(view, step, 0);
    }

    /** The progress of a check that precedes the steps that the bar shows. */
    public static CheckProgress beforeCopying(ProgressView view) {
        return ofRows(view, Step.PREPARING);
    }

    @Override
    public void read(long rows, long total) {
        if (rows >= next || rows == total) {
            view.show(
                    step.fraction(rows, total),
                    String.format(Locale.ROOT, "verified %,d of %s", rows, Plural.of(total, "row")));
            next = rows + Math.max(1, total / UPDATES);
        }
    }

    void bytes(long bytes) {
        if (bytes >= next) {
            view.show(
                    step.fraction(bytes, expectedBytes),
                    String.format(
                            Locale.ROOT, "%s%.1f of about %.1f MB", step.done, bytes / MEGA, expectedBytes / MEGA));
            next = bytes + BYTES;
        }
    }

    void complete(long bytes) {
        view.show(step.fraction(1, 1), String.format(Locale.ROOT, "%s%.1f MB", step.done, bytes / MEGA));
    }
}
