package dev.reverie.deploy.backup;

import dev.reverie.actors.store.CheckProgress;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.deploy.text.Plural;
import java.util.Locale;

/** Shows how many rows of a store have been verified, with about a thousand updates. Not thread safe. */
public final class RowProgress implements CheckProgress {

    private static final int UPDATES = 1000;

    private final ProgressView view;
    private final BackupStep step;
    private long next;

    RowProgress(ProgressView view, BackupStep step) {
        this.view = view;
        this.step = step;
    }

    /** The progress of a check that precedes the steps that the bar shows. */
    public static CheckProgress beforeCopying(ProgressView view) {
        return new RowProgress(view, BackupStep.PREPARING);
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
}
