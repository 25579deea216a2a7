package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;

/** A command line whose streams are kept: what a script would see. There is no device behind it. */
final class CapturedTerminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    int run(String... arguments) {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, false, 80);
        Surroundings surroundings = new Surroundings(
                terminal,
                (_, _) -> {
                    throw new AssertionError("no work should have begun");
                },
                InstantSource.system());
        return ReverieCommandLine.create(surroundings).execute(arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
