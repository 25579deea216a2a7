package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import org.apache.pekko.Done;
import org.jspecify.annotations.Nullable;

/**
 * The one connection of a process that writes to a store, and the thread that commits what has queued up meanwhile in
 * one transaction. If the database refuses a row of such a group, or the disk has no room for it, each write is
 * repeated by itself, so that only those fail that must. The connection is opened again if a failure of the database
 * has closed it. On a server, it holds the {@link ServerLock} of the process. Thread safe.
 */
final class StoreWriter implements AutoCloseable {

    /** The most writes in one transaction. */
    private static final int GROUP = 128;

    private final Database database;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("store-writer").daemon().factory());
    private final Breaker breaker = new Breaker();
    private final LinkedBlockingQueue<Queued> queue = new LinkedBlockingQueue<>();
    private volatile Connection connection;
    private volatile boolean closed;
    private @Nullable RowInserter inserter;

    private StoreWriter(Database database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /** A task that uses the connection, when nothing else does. */
    @FunctionalInterface
    interface Task<R> {
        R run(Connection connection) throws SQLException;
    }

    /** A part of a transaction. */
    @FunctionalInterface
    interface Write {
        void run(Connection connection, RowInserter rows) throws SQLException;
    }

    private record Queued(Write write, CompletableFuture<Done> result) {}

    /**
     * Opens a connection, and creates the tables of the store if necessary.
     *
     * @throws StoreException if another process uses the store, or if the store has another format
     */
    static StoreWriter open(Database database) throws SQLException {
        Connection connection = database.connectWriter();
        try {
            prepare(connection, database);
            return new StoreWriter(database, connection);
        } catch (SQLException | RuntimeException | Error failure) {
            closeQuietly(connection);
            throw failure;
        }
    }

    private static void prepare(Connection connection, Database database) throws SQLException {
        if (database.lock().isEmpty()) {
            Schema.prepare(connection, database);
            return;
        }
        int timeout = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 0); // a new column of a large table takes long
        database.lock().get().open(connection, database.name(), () -> Schema.prepare(connection, database));
        connection.setNetworkTimeout(Runnable::run, timeout);
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
            commit(group);
        } catch (SQLException | RuntimeException | Error failure) {
            if (group.size() > 1 && mayBeOfOneWrite(failure)) {
                group.forEach(this::commitAlone);
            } else {
                breaker.onFailure(failure);
                group.forEach(queued -> queued.result().completeExceptionally(failure));
            }
        }
    }

    /** Whether the others of a group may succeed: those that are refused, or too large for what is left of a disk. */
    private static boolean mayBeOfOneWrite(Throwable failure) {
        return RefusedRow.causes(failure) || StoreFailure.of(failure) == StoreFailure.FULL;
    }

    private void commitAlone(Queued queued) {
        try {
            commit(List.of(queued));
        } catch (SQLException | RuntimeException | Error failure) {
            breaker.onFailure(failure);
            queued.result().completeExceptionally(failure);
        }
    }

    private void commit(List<Queued> group) throws SQLException {
        call(open -> Transaction.run(open, () -> {
            RowInserter rows = inserter(open);
            rows.clear();
            for (Queued queued : group) {
                queued.write().run(open, rows);
            }
            rows.send();
            return Done.getInstance();
        }));
        breaker.onSuccess();
        group.forEach(queued -> queued.result().complete(Done.getInstance()));
    }

    private RowInserter inserter(Connection open) throws SQLException {
        RowInserter prepared = inserter;
        if (prepared == null) {
            prepared = new RowInserter(database, open);
            inserter = prepared;
        }
        return prepared;
    }

    /** Writes to the store without changing the rows of an actor. */
    void touch(Connection open) throws SQLException {
        StoreRows.touch(open, database);
    }

    /** Runs a task on the open connection, when no other task uses it. */
    synchronized <R> R call(Task<R> task) throws SQLException {
        if (!closed && !database.isOpen(connection)) {
            closeQuietly(connection); // it may still hold the lock
            inserter = null;
            connection = reconnect();
        }
        if (closed) { // since endTasks() may have aborted an earlier connection than this one
            closeQuietly(connection);
            throw new SQLException("the store is closed");
        }
        return task.run(connection);
    }

    private Connection reconnect() throws SQLException {
        Connection again = database.connectWriter();
        try {
            if (database.lock().isPresent()) {
                database.lock().get().resume(again, database.name());
            }
            return again;
        } catch (SQLException | RuntimeException failure) {
            closeQuietly(again);
            throw failure;
        }
    }

    /**
     * Makes all tasks on a server fail, including the running one, because they would wait for a server that does not
     * respond. Afterwards, the store can only be closed. Does nothing for a file.
     */
    void endTasks() {
        if (database.onServer()) {
            closed = true;
            try {
                connection.abort(Runnable::run);
            } catch (SQLException failure) {
                // The connection is closed already.
            }
        }
    }

    /**
     * Closes the writer of an SQLite database, whose file then contains everything.
     *
     * @throws SQLException if a part remains in the log
     */
    void closeIntoFile() throws SQLException {
        try (this) {
            call(FreePages::requireEmptyLog);
        }
    }

    /** Ends the thread after what has queued up, and closes the connection. */
    @Override
    public void close() {
        thread.close();
        synchronized (this) {
            closed = true;
            closeQuietly(connection);
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // All committed data is durable already, and a server notices when the process ends.
        }
    }
}
