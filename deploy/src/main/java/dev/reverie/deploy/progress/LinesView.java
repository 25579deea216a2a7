package dev.reverie.deploy.progress;

import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A line when the work begins, one now and then, and one when it is over. */
final class LinesView implements ProgressView {

    private static final Duration PAUSE = Duration.ofSeconds(15);

    private final PrintWriter err;
    private final InstantSource clock;
    private final String task;
    private final boolean quiet;
    private Instant next = Instant.MIN;
    private String unsaid = "";

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
            unsaid = line;
        } else {
            err.println(line);
            unsaid = "";
            next = now.plus(PAUSE);
        }
    }

    @Override
    public void note(String line) {
        err.println(line);
    }

    @Override
    public void close() {
        if (!unsaid.isEmpty()) {
            err.println(unsaid);
            unsaid = "";
        }
    }
}
