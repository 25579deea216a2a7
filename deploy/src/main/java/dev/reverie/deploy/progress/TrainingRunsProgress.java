package dev.reverie.deploy.progress;

import dev.reverie.gpu.evaluate.EvaluationProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/** Shows the progress of training runs of equal length on one or more sets. */
public final class TrainingRunsProgress {

    private final ProgressView view;
    private final InstantSource clock;
    private final int sets;
    private final int repeats;
    private final Instant start;

    /** Shows {@code repeats} training runs on each of {@code sets} sets in {@code view}, which the caller closes. */
    public TrainingRunsProgress(ProgressView view, InstantSource clock, int sets, int repeats) {
        this.view = view;
        this.clock = clock;
        this.sets = sets;
        this.repeats = repeats;
        this.start = clock.instant();
    }

    /** Returns the listener that shows the evaluation of one set. */
    public EvaluationProgress of(int set, String name) {
        return (repeat, epoch, epochs, loss) -> {
            double done = (set * repeats + repeat + (double) epoch / epochs) / (sets * repeats);
            view.show(
                    done,
                    String.format(
                            Locale.ROOT,
                            "%s left, %s, network %d/%d, epoch %,d/%,d, loss %.3f",
                            Eta.format(Eta.left(Duration.between(start, clock.instant()), done)),
                            name,
                            repeat + 1,
                            repeats,
                            epoch,
                            epochs,
                            loss));
        };
    }
}
