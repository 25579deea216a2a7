package dev.reverie.deploy.progress;

/**
 * Shows the progress of one task. Only one thread at a time may call {@link #show}; any thread may call {@link #note}.
 */
public interface ProgressView extends AutoCloseable {

    /**
     * Shows a new state.
     *
     * @param fraction finished fraction of the task, in [0, 1]
     * @param status a few words, the most important first, because a narrow terminal cuts off the end
     */
    void show(double fraction, String status);

    /** Prints a line that stays visible, for example a warning. */
    void note(String line);

    @Override
    void close();

    static ProgressView none() {
        return new ProgressView() {
            @Override
            public void show(double fraction, String status) {}

            @Override
            public void note(String line) {}

            @Override
            public void close() {}
        };
    }
}
