package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * The connections on which the actors of a process read their rows, beside the {@link StoreWriter}. Each has its own
 * thread while it reads. Thread safe.
 */
final class StoreReaders implements AutoCloseable {

    private static final int CONNECTIONS = 4;

    /** Time after which a connection that was idle is not used, in seconds. */
    private static final int PATIENCE = 1;

    private final Database database;
    private final Breaker breaker;
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final ExecutorService threads = Executors.newFixedThreadPool(
            CONNECTIONS, Thread.ofPlatform().name("store-reader-", 0).daemon().factory());

    /**
     * Creates readers, which connect when they are used.
     *
     * @param breaker lets reads fail at once while the database does not work
     */
    StoreReaders(Database database, Breaker breaker) {
        this.database = database;
        this.breaker = breaker;
    }

    /** Runs a task that only reads, in a transaction, so that all its queries see one moment. */
    <R> CompletionStage<R> read(StoreWriter.Task<R> task) {
        try {
            return CompletableFuture.supplyAsync(() -> call(task), threads);
        } catch (RejectedExecutionException ended) {
            return CompletableFuture.failedStage(new SQLException("the store is closed", ended));
        }
    }

    private <R> R call(StoreWriter.Task<R> task) {
        try {
            breaker.requireClosed();
            R result = readOn(connection(), task);
            breaker.onSuccess();
            return result;
        } catch (SQLException failure) {
            breaker.onFailure(failure);
            throw new CompletionException(failure);
        }
    }

    private <R> R readOn(Connection connection, StoreWriter.Task<R> task) throws SQLException {
        boolean usable = false;
        try {
            connection.setAutoCommit(false);
            R result = task.run(connection);
            connection.setAutoCommit(true);
            usable = true;
            return result;
        } finally {
            if (usable && !threads.isShutdown()) {
                idle.push(connection);
            } else {
                Transaction.close(connection);
            }
        }
    }

    private Connection connection() throws SQLException {
        for (Connection pooled = idle.poll(); pooled != null; pooled = idle.poll()) {
            if (pooled.isValid(PATIENCE)) {
                return pooled;
            }
            Transaction.close(pooled);
        }
        return database.connectReader();
    }

    /** Closes the connections. A file must not be in use afterwards; a server may never answer a query that runs. */
    @Override
    public void close() {
        threads.shutdown();
        if (!database.onServer()) {
            threads.close();
        }
        idle.forEach(Transaction::close);
    }
}
