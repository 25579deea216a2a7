package dev.reverie.deploy.progress;

import dev.reverie.deploy.fetch.FetchListener;
import java.util.Locale;

/** Shows the progress of a download. */
public final class FetchProgress implements FetchListener {

    private static final double MEGA = 1e6;

    private final ProgressView view;
    private String source = "";

    /** Shows the download in {@code view}, which the caller closes. */
    public FetchProgress(ProgressView view) {
        this.view = view;
    }

    @Override
    public void trying(String next) {
        source = next;
        view.show(0, "trying " + source);
    }

    @Override
    public void progress(long bytes, long total) {
        double fraction = total > 0 ? (double) bytes / total : 0;
        view.show(fraction, String.format(Locale.ROOT, "%.1f of %.1f MB from %s", bytes / MEGA, total / MEGA, source));
    }

    @Override
    public void failed(String failed, String reason) {
        view.note(failed + " failed: " + reason);
    }
}
