package dev.reverie.deploy.progress;

import dev.reverie.gpu.evaluate.EvaluationProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/** Shows the progress of several training runs, measured in gradient steps. */
public final class StepsView implements EvaluationProgress {

    private final ProgressView view;
    private final InstantSource clock;
    private final long steps;
    private final Instant start;
    private long done;

    /** Shows a total of {@code steps} gradient steps in {@code view}, which the caller closes. */
    public StepsView(ProgressView view, InstantSource clock, long steps) {
        this.view = view;
        this.clock = clock;
        this.steps = steps;
        this.start = clock.instant();
    }

    @Override
    public void step() {
        done++;
    }

    @Override
    public void epoch(int repeat, int epoch, int epochs, double loss) {
        double fraction = (double) done / steps;
        Duration left = Eta.left(Duration.between(start, clock.instant()), fraction);
        view.show(
                fraction,
                String.format(
                        Locale.ROOT,
                        "%s left, step %,d/%,d, epoch %,d/%,d, loss %.3f",
                        Eta.format(left),
                        done,
                        steps,
                        epoch,
                        epochs,
                        loss));
    }
}
