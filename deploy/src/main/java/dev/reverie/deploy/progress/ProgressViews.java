package dev.reverie.deploy.progress;

import java.time.Duration;
import java.time.InstantSource;

/**
 * Opens progress views, which show a bar on a terminal and occasional lines in a log.
 *
 * @param quiet whether, if stderr is not a terminal, only notes are shown
 */
public record ProgressViews(Terminal terminal, InstantSource clock, boolean quiet) {

    /** Begins a task with a short name. */
    public ProgressView begin(String task) {
        if (terminal.interactive()) {
            return new BarView(terminal, task);
        }
        return new LinesView(terminal.err(), clock, task, quiet);
    }

    /** Begins a task that usually ends soon. Its progress shows only after a pause. */
    public ProgressView beginDelayed(String task, Duration pause) {
        return new DelayedView(() -> begin(task), clock, clock.instant().plus(pause));
    }
}
