package dev.reverie.deploy.cli;

import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;

/**
 * Where a command writes: data to {@code out}, talk to {@code err}.
 *
 * @param interactive whether a person watches {@code err}, so that lines may be drawn over
 * @param colour whether colours are welcome
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colour) {

    /** The terminal of this process. Colours follow {@code NO_COLOR} and {@code TERM=dumb}. */
    public static Terminal system() {
        boolean dumb = "dumb".equals(System.getenv("TERM"));
        boolean interactive = new ExecTerminalProvider().isSystemStream(SystemStream.Error) && !dumb;
        String noColour = System.getenv("NO_COLOR");
        boolean colour = interactive && (noColour == null || noColour.isEmpty());
        return new Terminal(writer(System.out), writer(System.err), interactive, colour);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }
}
