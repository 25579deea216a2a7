package dev.reverie.deploy.cli;

import dev.reverie.deploy.progress.Terminal;
import java.io.PrintWriter;
import java.io.StringWriter;

/** A command line whose streams are kept: what a script would see. */
final class CapturedTerminal {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    int run(String... arguments) {
        Terminal terminal = new Terminal(new PrintWriter(out, true), new PrintWriter(err, true), false, false, 80);
        return ReverieCommandLine.create(terminal).execute(arguments);
    }

    String out() {
        return out.toString();
    }

    String err() {
        return err.toString();
    }
}
