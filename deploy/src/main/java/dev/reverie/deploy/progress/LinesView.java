package dev.reverie.deploy.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Prints one line at the start of the work, one every 15 seconds, and one at the end. */
final class LinesView implements ProgressView {

    private static final Duration PAUSE = Duration.ofSeconds(15);

    private final PrintWriter err;
    private final InstantSource clock;
    private final String task;
    private final boolean quiet;
    private Instant next = Instant.MIN;
    private String printed = "";
    private String pending = "";

    LinesView(PrintWriter err, InstantSource clock, String task, boolean quiet) {
        this.err = err;
        this.clock = clock;
        this.task = task;
        this.quiet = quiet;
    }

    @Override
    public void show(double fraction, String status) {
        if (quiet) {
            return;
        }
        String line = "%s %3.0f %%  %s".formatted(task, 100 * fraction, status).stripTrailing();
        Instant now = clock.instant();
        if (now.isBefore(next)) {
            pending = line;
        } else {
            print(line);
            next = now.plus(PAUSE);
        }
    }

    @Override
    public void note(String line) {
        err.println(line);
    }

    @Override
    public void close() {
        if (!pending.isEmpty()) {
            print(pending);
        }
    }

    /** Prints a line, unless it equals the last one. */
    private void print(String line) {
        if (!line.equals(printed)) {
            err.println(line);
            printed = line;
        }
        pending = "";
    }
}
