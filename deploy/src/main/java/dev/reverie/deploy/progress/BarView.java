package dev.reverie.deploy.progress;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;

/** Shows a progress bar on the last line of a terminal. */
final class BarView implements ProgressView {

    private static final int STEPS = 10_000;

    private final Terminal terminal;
    private final ProgressBar bar;

    BarView(Terminal terminal, String task) {
        this.terminal = terminal;
        this.bar = ProgressBar.builder()
                .setTaskName(task)
                .setInitialMax(STEPS)
                .setRenderer(new BarLine(terminal.colour()))
                .setConsumer(new DelegatingProgressBarConsumer(this::draw, terminal.columns() - 1))
                .setUpdateIntervalMillis(250)
                .build();
    }

    @Override
    public void show(double fraction, String status) {
        bar.stepTo(Math.round(STEPS * Math.clamp(fraction, 0, 1)));
        bar.setExtraMessage(status);
    }

    @Override
    public void note(String line) {
        terminal.note(line);
        bar.refresh();
    }

    private void draw(String line) {
        synchronized (terminal) {
            terminal.err().print(Terminal.CLEAR_LINE + line);
            terminal.err().flush();
        }
    }

    @Override
    public void close() {
        bar.close();
        synchronized (terminal) {
            terminal.err().println();
        }
    }
}
