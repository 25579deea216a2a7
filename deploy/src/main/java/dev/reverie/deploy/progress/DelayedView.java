package dev.reverie.deploy.progress;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Opens another view for a task that takes long: at the first state that is shown at or after a given time, or at the
 * first note, whichever comes first.
 */
final class DelayedView implements ProgressView {

    private final Supplier<ProgressView> opening;
    private final InstantSource clock;
    private final Instant start;
    private Optional<ProgressView> view = Optional.empty();

    /**
     * Creates a view that shows nothing yet.
     *
     * @param opening opens the other view
     * @param start time from which on states are shown
     */
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
