package dev.reverie.deploy.progress;

import dev.reverie.gpu.evaluate.EvaluationProgress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Shows the progress of training runs on one or more sets. */
public final class TrainingRunsProgress {

    private final ProgressView view;
    private final InstantSource clock;
    private final List<Long> work;
    private final int repeats;
    private final Instant start;

    /**
     * Shows {@code repeats} training runs on each set.
     *
     * @param work the work of a run on each set in any unit, for example the number of images that it trains on in all
     *     epochs, positive
     */
    public TrainingRunsProgress(ProgressView view, InstantSource clock, List<Long> work, int repeats) {
        this.view = view;
        this.clock = clock;
        this.work = List.copyOf(work);
        this.repeats = repeats;
        this.start = clock.instant();
    }

    /** Shows training runs on sets that take equally long. */
    public TrainingRunsProgress(ProgressView view, InstantSource clock, int sets, int repeats) {
        this(view, clock, Collections.nCopies(sets, 1L), repeats);
    }

    public EvaluationProgress of(int set, String name) {
        double before = sum(work.subList(0, set));
        return (repeat, epoch, epochs, loss) -> {
            double inSet = work.get(set) * (repeat + (double) epoch / epochs) / repeats;
            double done = (before + inSet) / sum(work);
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

    private static long sum(List<Long> work) {
        return work.stream().mapToLong(Long::longValue).sum();
    }
}
