package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.Terminal;
import dev.reverie.deploy.run.EngineFactory;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;

/** A command line whose streams are kept: what a script would see. */
final class CapturedTerminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final EngineFactory engines;

    /** Without a device: nothing may want one. */
    CapturedTerminal() {
        this((_, _, _) -> {
            throw new AssertionError("no work should have begun");
        });
    }

    private CapturedTerminal(EngineFactory engines) {
        this.engines = engines;
    }

    static CapturedTerminal with(EngineFactory engines) {
        return new CapturedTerminal(engines);
    }

    int run(String... arguments) {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, false, 80);
        Surroundings surroundings = new Surroundings(terminal, engines, InstantSource.system());
        return ReverieCommandLine.create(surroundings).execute(arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
