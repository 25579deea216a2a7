package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.Done;

/**
 * The one connection of a process that writes to a store, and the thread that alone uses it. The thread commits what
 * has queued up meanwhile in one transaction. If the database refuses a row of such a group, the transaction is
 * repeated without the writes that fail. The connection is opened again if a failure of the database has closed it. On
 * a server, it holds the {@link ServerLock} of the process. Thread safe.
 */
final class StoreWriter implements AutoCloseable {

    /** The most writes in one transaction. */
    private static final int GROUP = 128;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("store-writer").daemon().factory());
    private final Breaker breaker = new Breaker();
    private final LinkedBlockingQueue<Queued> queue = new LinkedBlockingQueue<>();
    private final String name;
    private final WritingConnection connection;

    private StoreWriter(String name, WritingConnection connection) {
        this.name = name;
        this.connection = connection;
    }

    /** A task that uses a connection alone. */
    @FunctionalInterface
    interface Task<R> {
        R run(Connection connection) throws SQLException;
    }

    @FunctionalInterface
    interface Write {
        void run(Connection connection, RowInserter rows) throws SQLException;
    }

    private record Queued(Write write, CompletableFuture<Done> result) {}

    /** A write that has failed alone. */
    private record Refused(Queued queued, Throwable failure) {}

    /**
     * Opens a connection, and creates the tables of the store if necessary.
     *
     * @throws StoreException if another process uses the store, or if the store has another format
     */
    static StoreWriter open(Database database) throws SQLException {
        return new StoreWriter(database.name(), WritingConnection.open(database));
    }

    /** Name of the store for messages to users. */
    String name() {
        return name;
    }

    /** Fails the uses of the database at once while it does not work. */
    Breaker breaker() {
        return breaker;
    }

    /** Runs a write in a transaction, together with others; completes when it is durable. */
    CompletionStage<Done> write(Write write) {
        Queued queued = new Queued(write, new CompletableFuture<>());
        try {
            breaker.requireClosed();
            queue.add(queued);
            thread.execute(this::commitQueued);
        } catch (SQLException failing) {
            queued.result().completeExceptionally(failing);
        } catch (RejectedExecutionException ended) {
            queued.result().completeExceptionally(new SQLException("the store is closed", ended));
        }
        return queued.result();
    }

    private void commitQueued() {
        List<Queued> group = new ArrayList<>();
        queue.drainTo(group, GROUP);
        if (group.isEmpty()) {
            return; // an earlier run has taken them
        }
        try {
            commitTogether(group);
        } catch (SQLException | RuntimeException | Error failure) {
            FailureCause cause = FailureCause.of(failure);
            if (group.size() == 1 || !cause.isOfOneWrite()) {
                fail(group, failure);
            } else if (cause == FailureCause.FULL) {
                group.forEach(this::commitAlone); // SQLite has ended the transaction
            } else {
                commitWithoutRefused(group);
            }
        }
    }

    private void fail(List<Queued> group, Throwable failure) {
        breaker.onFailure(failure);
        group.forEach(queued -> queued.result().completeExceptionally(failure));
    }

    private void commitTogether(List<Queued> group) throws SQLException {
        connection.commit((open, rows) -> {
            for (Queued queued : group) {
                queued.write().run(open, rows);
            }
        });
        complete(group);
    }

    private void commitAlone(Queued queued) {
        try {
            commitTogether(List.of(queued));
        } catch (SQLException | RuntimeException | Error failure) {
            fail(List.of(queued), failure);
        }
    }

    private void commitWithoutRefused(List<Queued> group) {
        List<Refused> refused = new ArrayList<>();
        List<Queued> accepted = new ArrayList<>();
        try {
            connection.commit((open, rows) -> {
                refused.clear();
                accepted.clear();
                for (Queued queued : group) {
                    Optional<Throwable> failure = attempt(queued.write(), open, rows);
                    failure.ifPresentOrElse(why -> refused.add(new Refused(queued, why)), () -> accepted.add(queued));
                }
            });
        } catch (SQLException | RuntimeException | Error failure) {
            fail(group, failure);
            return;
        }
        complete(accepted);
        refused.forEach(each -> fail(List.of(each.queued()), each.failure()));
    }

    /** Runs a write as a part of the transaction, and returns why the database has refused it. */
    private static Optional<Throwable> attempt(Write write, Connection open, RowInserter rows) throws SQLException {
        Savepoint before = open.setSavepoint();
        try {
            write.run(open, rows);
            rows.send();
            open.releaseSavepoint(before);
            return Optional.empty();
        } catch (SQLException | RuntimeException failure) {
            FailureCause cause = FailureCause.of(failure);
            if (!cause.isOfOneWrite() || cause == FailureCause.FULL) {
                throw failure;
            }
            rows.clear();
            open.rollback(before);
            return Optional.of(failure);
        }
    }

    private void complete(List<Queued> durable) {
        breaker.onSuccess();
        durable.forEach(queued -> queued.result().complete(Done.getInstance()));
    }

    /** Runs a task on the thread, after what has queued up. The task may run twice. */
    <R> CompletionStage<R> submit(Task<R> task) {
        CompletableFuture<R> result = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    result.complete(use(task));
                } catch (SQLException | RuntimeException | Error failure) {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RejectedExecutionException ended) {
            result.completeExceptionally(new SQLException("the store is closed", ended));
        }
        return result;
    }

    /** Runs a task as {@link #submit} does, and waits for its result. Must not be called on the thread itself. */
    <R> R call(Task<R> task) throws SQLException {
        try {
            return submit(task).toCompletableFuture().join();
        } catch (CompletionException failure) {
            switch (failure.getCause()) {
                case SQLException sql -> throw sql;
                case RuntimeException unchecked -> throw unchecked;
                case Error error -> throw error;
                case null, default -> throw failure;
            }
        }
    }

    /** Runs a task on the thread after a pause, unless the writer is closed by then. */
    void later(Duration pause, Runnable task) {
        CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS, thread)
                .execute(task);
    }

    /** Runs a task like {@link WritingConnection#use}, on the thread. */
    <R> R use(Task<R> task) throws SQLException {
        return connection.use(task);
    }

    /** Aborts the connection as {@link WritingConnection#abort} does. */
    void endTasks() {
        connection.abort();
    }

    /** Ends the thread after what has queued up, and closes the connection. */
    @Override
    public void close() {
        thread.close();
        connection.close();
    }
}
