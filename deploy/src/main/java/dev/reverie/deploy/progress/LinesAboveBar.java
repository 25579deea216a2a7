package dev.reverie.deploy.progress;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Prints each line in place of a progress bar, which appears again below it. Thread safe. */
final class LinesAboveBar extends OutputStream {

    private static final byte[] CLEAR = Terminal.CLEAR_LINE.getBytes(StandardCharsets.UTF_8);

    private final OutputStream terminal;
    private boolean lineBegins = true;

    LinesAboveBar(OutputStream terminal) {
        this.terminal = terminal;
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
        terminal.write(all);
        lineBegins = all[all.length - 1] == '\n';
    }

    @Override
    public void flush() throws IOException {
        terminal.flush();
    }
}
