package dev.reverie.deploy.backup;

import dev.reverie.deploy.progress.ProgressView;
import java.util.Locale;

/** Shows how much of a backup has been read, once per megabyte. Not thread safe. */
final class ByteProgress {

    private static final double MEGA = 1e6;
    private static final long STEP = 1_000_000;

    private final ProgressView view;
    private final long total;
    private long next;

    /**
     * Creates an instance that has shown nothing.
     *
     * @param total expected number of bytes, at least approximately
     */
    ByteProgress(ProgressView view, long total) {
        this.view = view;
        this.total = total;
    }

    void complete(long bytes) {
        view.show(1, String.format(Locale.ROOT, "%.1f MB", bytes / MEGA));
    }

    void show(long bytes) {
        if (bytes >= next) {
            view.show(
                    total > 0 ? Math.min(1, (double) bytes / total) : 1,
                    String.format(Locale.ROOT, "%.1f of about %.1f MB", bytes / MEGA, total / MEGA));
            next = bytes + STEP;
        }
    }
}
