package dev.reverie.deploy.progress;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Opens progress views, which show a bar on a terminal and occasional lines in a log.
 *
 * @param quiet whether, if stderr is not a terminal, only notes are shown
 */
public record ProgressViews(Terminal terminal, InstantSource clock, boolean quiet) {

    private static final Duration PAUSE = Duration.ofSeconds(2);

    public ProgressView begin(String task) {
        if (terminal.interactive()) {
            return new BarView(terminal, task);
        }
        return new LinesView(terminal.err(), clock, task, quiet);
    }

    /** Begins a task that usually ends soon. Its progress shows only after two seconds. */
    public ProgressView beginDelayed(String task) {
        return new DelayedView(() -> begin(task), clock, clock.instant().plus(PAUSE));
    }

    /**
     * Opens another view for a task that takes long: at the first state that is shown at or after a given time, or at
     * the first note, whichever comes first.
     */
    private static final class DelayedView implements ProgressView {

        private final Supplier<ProgressView> opening;
        private final InstantSource clock;
        private final Instant start;
        private Optional<ProgressView> view = Optional.empty();

        DelayedView(Supplier<ProgressView> opening, InstantSource clock, Instant start) {
            this.opening = opening;
            this.clock = clock;
            this.start = start;
        }

        @Override
        public synchronized void show(double fraction, String status) {
            if (view.isEmpty() && !clock.instant().isBefore(start)) {
                view = Optional.of(opening.get());
            }
            view.ifPresent(opened -> opened.show(fraction, status));
        }

        @Override
        public synchronized void note(String line) {
            if (view.isEmpty()) {
                view = Optional.of(opening.get());
            }
            view.get().note(line);
        }

        @Override
        public synchronized void close() {
            view.ifPresent(ProgressView::close);
        }
    }
}
