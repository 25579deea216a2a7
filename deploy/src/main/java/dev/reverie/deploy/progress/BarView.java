package dev.reverie.deploy.progress;

import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** Shows a progress bar on the last line of a terminal. */
final class BarView implements ProgressView {

    private static final int UPDATE_MILLIS = 250;

    private final Terminal terminal;
    private final String task;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("progress-bar").factory());
    private volatile State state = new State(0, "");

    private record State(double fraction, String status) {}

    BarView(Terminal terminal, String task) {
        this.terminal = terminal;
        this.task = task;
        var _ = timer.scheduleAtFixedRate(this::draw, 0, UPDATE_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void show(double fraction, String status) {
        state = new State(Math.clamp(fraction, 0, 1), status);
    }

    @Override
    public void note(String line) {
        terminal.note(line);
        draw();
    }

    private void draw() {
        State now = state;
        String line = new Line(terminal.colour()).line(task, now.fraction(), now.status(), terminal.columns() - 1);
        synchronized (terminal) {
            terminal.err().print(Terminal.CLEAR_LINE + line);
            terminal.err().flush();
        }
    }

    @Override
    public void close() {
        timer.close();
        draw();
        synchronized (terminal) {
            terminal.err().println();
        }
    }

    /**
     * Draws a progress line such as {@code Distilling ━━━━━━━━─────── 53 % status}, cut to the width of the terminal.
     */
    record Line(boolean colour) {

        private static final int WIDE_ROOM = 100;
        private static final int WIDE_BAR = 24;
        private static final int NARROW_BAR = 5;
        private static final String DONE = "━";
        private static final String OPEN = "─";
        private static final String GREEN = "\u001b[32m";
        private static final String GREY = "\u001b[90m";
        private static final String PLAIN = "\u001b[0m";

        /**
         * Draws the line.
         *
         * @param fraction finished part of the task, from 0 to 1
         * @param room maximum number of characters, not counting the codes of the colours
         */
        String line(String task, double fraction, String status, int room) {
            String percent = String.format(Locale.ROOT, " %3.0f %%  ", 100 * fraction);
            int bar = room < WIDE_ROOM ? NARROW_BAR : WIDE_BAR;
            int forStatus = room - task.length() - 1 - bar - percent.length();
            if (forStatus < 0) {
                return cut((task + percent + status).strip(), room);
            }
            int done = (int) Math.round(bar * fraction);
            return task + " " + painted(GREEN, DONE.repeat(done)) + painted(GREY, OPEN.repeat(bar - done)) + percent
                    + cut(status, forStatus);
        }

        private String painted(String code, String text) {
            return colour && !text.isEmpty() ? code + text + PLAIN : text;
        }

        private static String cut(String text, int room) {
            if (text.length() <= room) {
                return text;
            }
            return room <= 0 ? "" : text.substring(0, room - 1) + "…";
        }
    }
}
