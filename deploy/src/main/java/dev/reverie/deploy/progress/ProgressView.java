package dev.reverie.deploy.progress;

/** Shows the progress of one task. One thread shows; any thread may note. */
public interface ProgressView extends AutoCloseable {

    /**
     * Shows a new state.
     *
     * @param fraction finished, in [0, 1]
     * @param status a few words, the most important first, because a narrow terminal cuts the end
     */
    void show(double fraction, String status);

    /** Prints a line that stays, for example a warning. */
    void note(String line);

    /** Ends the task. */
    @Override
    void close();
}
