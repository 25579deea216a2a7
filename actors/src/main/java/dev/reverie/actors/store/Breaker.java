package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Lets the uses of a database fail at once for a while when several have failed in a row, because each of them would
 * wait for a server that does not respond. After the pause, the next failure begins another one. Thread safe.
 */
final class Breaker {

    private static final int FAILURES = 3;

    /** Short, because a class tries again after at most 10 s. */
    private static final long PAUSE_SECONDS = 2;

    private final Executor afterPause = CompletableFuture.delayedExecutor(PAUSE_SECONDS, TimeUnit.SECONDS);
    private boolean pausing;
    private int failures;

    /**
     * Requires that the database may be used now.
     *
     * @throws SQLException if it has failed several times in a row
     */
    synchronized void requireClosed() throws SQLException {
        if (pausing) {
            throw new SQLException("the database has failed several times in a row, and is used again after a pause");
        }
    }

    synchronized void onSuccess() {
        failures = 0;
    }

    /** Notes a failure of the database, unless others may succeed meanwhile. */
    synchronized void onFailure(Throwable failure) {
        if (!FailureCause.of(failure).isOfOneWrite() && !pausing && ++failures >= FAILURES) {
            pausing = true;
            afterPause.execute(this::resume);
        }
    }

    private synchronized void resume() {
        pausing = false;
        failures = FAILURES - 1;
    }
}
