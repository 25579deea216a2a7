package dev.reverie.deploy.progress;

import java.time.InstantSource;

/**
 * Opens the view that fits: a bar for a person, a line now and then for a log, nothing for a script.
 *
 * @param quiet show nothing but notes, unless a person watches
 */
public record ProgressViews(Terminal terminal, InstantSource clock, boolean quiet) {

    /** Begins a piece of work, named by a word or two. */
    public ProgressView begin(String task) {
        if (terminal.interactive()) {
            return new BarView(terminal, task);
        }
        return new LinesView(terminal.err(), clock, task, quiet);
    }
}
