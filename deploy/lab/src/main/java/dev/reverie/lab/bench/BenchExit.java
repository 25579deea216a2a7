package dev.reverie.lab.bench;

import dev.reverie.deploy.cli.CliContext;
import dev.reverie.deploy.run.FatalExit;
import dev.reverie.deploy.run.InterruptSignal;

/** Ends a benchmark that runs actors: at once when a signal arrives, and with advice when an error ends the process. */
record BenchExit(InterruptSignal interruption, FatalExit fatal) implements AutoCloseable {

    private static final String OUT_OF_MEMORY =
            "set for example REVERIE_JAVA_OPTS=-Xmx4g, or choose a smaller --shape.";

    /** Waits for signals and errors until closed. */
    static BenchExit open(CliContext context) {
        return new BenchExit(
                InterruptSignal.listen(InterruptSignal::halt, InterruptSignal::halt),
                FatalExit.explain(OUT_OF_MEMORY, context.terminal()::note));
    }

    @Override
    public void close() {
        fatal.close();
        interruption.close();
    }
}
