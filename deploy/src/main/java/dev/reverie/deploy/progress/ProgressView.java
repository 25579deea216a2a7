package dev.reverie.deploy.progress;

/** Shows how far one piece of work is. One thread shows, any thread may note. */
public interface ProgressView extends AutoCloseable {

    /**
     * Shows a new state.
     *
     * @param fraction done, in [0, 1]
     * @param status a few words, most important ones first: the end is cut where there is no room
     */
    void show(double fraction, String status);

    /** Says one line that stays, a warning for example. */
    void note(String line);

    /** The work is over. */
    @Override
    void close();
}
