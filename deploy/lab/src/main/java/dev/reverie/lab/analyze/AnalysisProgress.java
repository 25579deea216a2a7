package dev.reverie.lab.analyze;

import dev.reverie.deploy.progress.Eta;
import dev.reverie.deploy.progress.ProgressView;
import dev.reverie.gpu.evaluate.EvaluationProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * Shows how much of the work of several analyses is done, and the estimated time left. Called by one thread at a time.
 */
final class AnalysisProgress {

    /** Cost of a training step, as a fraction of an inner loop over ten classes; about the same on every machine. */
    private static final double TRAINING_STEP_COST = 0.04;

    private final ProgressView view;
    private final InstantSource clock;
    private final Instant start;
    private final double total;
    private double done;
    private String activity = "";

    AnalysisProgress(AnalysisSettings settings, int runs, int sets, ProgressView view, InstantSource clock) {
        this.view = view;
        this.clock = clock;
        this.start = clock.instant();
        this.total = (double) runs * settings.outerIterations() * settings.innerLoops()
                + TRAINING_STEP_COST * sets * settings.evaluationSteps();
    }

    void begin(String newActivity) {
        activity = newActivity;
        show();
    }

    void loopCompleted() {
        done++;
        show();
    }

    /** Returns a listener that counts the training steps of an evaluation network. */
    EvaluationProgress steps() {
        return new EvaluationProgress() {

            @Override
            public void epoch(int repeat, int epoch, int epochs, double loss) {
                // the steps show the progress already
            }

            @Override
            public void step() {
                done += TRAINING_STEP_COST;
                show();
            }
        };
    }

    private void show() {
        double fraction = total == 0 ? 1 : Math.min(1, done / total);
        view.show(fraction, String.format(Locale.ROOT, "%s left, %s", left(fraction), activity));
    }

    private String left(double fraction) {
        return fraction == 0 ? "?" : Eta.format(Eta.left(Duration.between(start, clock.instant()), fraction));
    }
}
