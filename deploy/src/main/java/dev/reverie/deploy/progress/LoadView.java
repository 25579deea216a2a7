package dev.reverie.deploy.progress;

import dev.reverie.gpu.dataset.LoadProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;

/** Shows how many files of a dataset have been found, and how many images have been read. */
public final class LoadView implements LoadProgress {

    private static final int FILES_PER_STATUS = 1000;

    private final ProgressView view;
    private final InstantSource clock;
    private Optional<Instant> start = Optional.empty();
    private int doneAtStart;

    /** Shows the progress in {@code view}, which the caller closes. */
    public LoadView(ProgressView view, InstantSource clock) {
        this.view = view;
        this.clock = clock;
    }

    @Override
    public void found(int files) {
        if (files % FILES_PER_STATUS == 0) {
            view.show(0, String.format(Locale.ROOT, "%,d files found", files));
        }
    }

    @Override
    public void divided(int test, int total) {
        view.note(String.format(
                Locale.ROOT,
                "There are no test images, so %,d of %,d images become test images, by their paths (--test-share).",
                test,
                total));
    }

    /** Measures the speed from the first call on, because the files are listed before that. */
    @Override
    public void read(int done, int total) {
        if (start.isEmpty()) {
            start = Optional.of(clock.instant());
            doneAtStart = done;
            return;
        }
        double fraction = (double) (done - doneAtStart) / (total - doneAtStart);
        Duration left = Eta.left(Duration.between(start.get(), clock.instant()), fraction);
        view.show(
                (double) done / total,
                String.format(Locale.ROOT, "%s left, image %,d/%,d", Eta.format(left), done, total));
    }
}
