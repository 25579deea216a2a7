package dev.reverie.deploy.progress;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jline.terminal.impl.exec.ExecTerminalProvider;
import org.jline.terminal.spi.SystemStream;

/**
 * The output of a command: data on {@code out}, messages on {@code err}. Both use UTF-8.
 *
 * @param interactive whether {@code err} is a terminal, where lines can be overwritten
 * @param colour whether to use colours
 * @param columns width of {@code err} in characters, at least 1
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive, boolean colour, int columns) {

    /** Deletes the line that the cursor is on. */
    static final String CLEAR_LINE = "\r\u001b[K";

    private static final int USUAL_COLUMNS = 100;

    /**
     * Returns the terminal of this process, and lets {@code System.err}, where the log goes, print its lines above a
     * progress bar. Respects {@code NO_COLOR} and {@code TERM=dumb}.
     */
    public static Terminal system() {
        ExecTerminalProvider streams = new ExecTerminalProvider();
        boolean interactive = !"dumb".equals(System.getenv("TERM")) && streams.isSystemStream(SystemStream.Error);
        boolean colour = usesColour(System.getenv(), interactive);
        int columns = interactive ? streams.systemStreamWidth(SystemStream.Error) : 0;
        Terminal terminal = new Terminal(
                writer(System.out), writer(System.err), interactive, colour, columns > 0 ? columns : USUAL_COLUMNS);
        if (interactive) {
            System.setErr(new PrintStream(new LinesAboveBar(System.err), true, StandardCharsets.UTF_8));
        }
        return terminal;
    }

    /** Whether to use colours, on a terminal whose user does not forbid it. */
    static boolean usesColour(Map<String, String> environment, boolean interactive) {
        return interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    }

    /** Prints a line on {@code err} in place of a progress bar, which appears again below it. Thread safe. */
    public synchronized void note(String line) {
        err.println(interactive ? CLEAR_LINE + line : line);
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), true);
    }

    /** Prints each line in place of a progress bar, which appears again below it. Thread safe. */
    static final class LinesAboveBar extends FilterOutputStream {

        private static final byte[] CLEAR = Terminal.CLEAR_LINE.getBytes(StandardCharsets.UTF_8);

        private boolean lineBegins = true;

        LinesAboveBar(OutputStream terminal) {
            super(terminal);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        /** Writes all at once, so that the bar cannot appear in between. */
        @Override
        public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
            if (length == 0) {
                return;
            }
            int cleared = lineBegins ? CLEAR.length : 0;
            byte[] all = new byte[cleared + length];
            System.arraycopy(CLEAR, 0, all, 0, cleared);
            System.arraycopy(bytes, offset, all, cleared, length);
            out.write(all);
            lineBegins = all[all.length - 1] == '\n';
        }
    }
}
