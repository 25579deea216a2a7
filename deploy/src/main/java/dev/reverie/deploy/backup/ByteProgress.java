package dev.reverie.deploy.backup;

import dev.reverie.deploy.progress.ProgressView;
import java.util.Locale;

/** Shows how much of a backup has been read, once per megabyte. Not thread safe. */
final class ByteProgress {

    private static final double MEGA = 1e6;
    private static final long INTERVAL = 1_000_000;

    private final ProgressView view;
    private final BackupStep step;
    private final long total;
    private long next;

    /**
     * Creates an instance that has shown nothing.
     *
     * @param total expected number of bytes, at least approximately
     */
    ByteProgress(ProgressView view, BackupStep step, long total) {
        this.view = view;
        this.step = step;
        this.total = total;
    }

    void complete(long bytes) {
        view.show(step.fraction(1, 1), String.format(Locale.ROOT, "%s%.1f MB", step.done(), bytes / MEGA));
    }

    void show(long bytes) {
        if (bytes >= next) {
            view.show(
                    step.fraction(bytes, total),
                    String.format(Locale.ROOT, "%s%.1f of about %.1f MB", step.done(), bytes / MEGA, total / MEGA));
            next = bytes + INTERVAL;
        }
    }
}
