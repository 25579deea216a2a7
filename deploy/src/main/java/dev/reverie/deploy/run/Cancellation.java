package dev.reverie.deploy.run;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;

/** Tells a task to end early, and interrupts its pauses. Thread safe. */
public interface Cancellation {

    boolean isRequested();

    /** Returns a stage that completes when the task must end. */
    CompletionStage<Void> requested();

    /**
     * Waits for a duration, or until the task must end.
     *
     * @param duration length of the pause; if it is zero or negative, the method returns at once
     * @throws StoppedException if the task must end
     */
    void pause(Duration duration);

    /** Ends the work that is asked to stop. */
    final class StoppedException extends CancellationException {

        private static final long serialVersionUID = 1L;

        public StoppedException() {
            super("stopped");
        }
    }
}
