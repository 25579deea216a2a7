package dev.reverie.deploy.serve;

import dev.reverie.actors.ThrottledWarning;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A task that is run at intervals. A failure is logged, ever more rarely while it lasts, but not passed on, because a
 * scheduler ends a repetition whose task fails. Thread safe if the task is.
 */
final class RepeatedTask implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(RepeatedTask.class);

    private final Runnable task;
    private final ThrottledWarning warning = new ThrottledWarning();

    RepeatedTask(Runnable task) {
        this.task = task;
    }

    @Override
    public void run() {
        try {
            task.run();
            warning.reset();
        } catch (RuntimeException | LinkageError | StackOverflowError failure) {
            if (warning.isDue(RepeatedTask.class)) {
                LOG.warn(
                        "A regular check failed, because of the following error, and is tried again. If this warning"
                                + " comes back, changed tokens, certificates and log levels have no effect: restart the"
                                + " service.",
                        failure);
            }
        }
    }
}
