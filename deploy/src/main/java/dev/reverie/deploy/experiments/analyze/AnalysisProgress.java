package dev.reverie.deploy.experiments.analyze;

import dev.reverie.deploy.progress.Eta;
import dev.reverie.deploy.progress.ProgressView;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Locale;

/** All that is to be done for some analyses: how far, time left. Called by one thread at a time. */
final class AnalysisProgress {

    /** A step of training takes about as long as a 25th of an inner loop over ten classes, on any machine. */
    private static final double STEP = 0.04;

    private final ProgressView view;
    private final InstantSource clock;
    private final Instant start;
    private final double total;
    private double done;
    private String doing = "";

    /** The runs and exams, each once, shown in {@code view}, which stays the caller's to close. */
    AnalysisProgress(
            AnalysisSettings study,
            Collection<?> runs,
            Collection<AccuracyTask> exams,
            ProgressView view,
            InstantSource clock) {
        this.view = view;
        this.clock = clock;
        this.start = clock.instant();
        this.total = (double) runs.size() * study.outerIterations() * study.innerLoops()
                + STEP * exams.size() * study.evaluationSteps();
    }

    /** From now on this is done, in a few words. */
    void begin(String task) {
        doing = task;
        show();
    }

    void loop() {
        done++;
        show();
    }

    void step() {
        done += STEP;
        show();
    }

    private void show() {
        double fraction = total == 0 ? 1 : Math.min(1, done / total);
        view.show(fraction, String.format(Locale.ROOT, "%s left, %s", left(fraction), doing));
    }

    private String left(double fraction) {
        if (fraction == 0) {
            return "?";
        }
        long elapsed = Duration.between(start, clock.instant()).toMillis();
        return Eta.format(Duration.ofMillis(Math.round(elapsed * (1 - fraction) / fraction)));
    }
}
