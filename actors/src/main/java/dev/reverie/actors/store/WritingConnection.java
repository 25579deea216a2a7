package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connection of a process that writes to a store. It is opened again if a failure of the database has closed it. On
 * a server, it holds the {@link ServerLock} of the process. One thread uses it; only {@link #abort} is for all.
 */
final class WritingConnection implements AutoCloseable {

    private final Database database;
    private volatile Connection connection;
    private volatile boolean closed;
    private @Nullable RowInserter inserter;

    private WritingConnection(Database database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /** Opens a connection like {@link StoreWriter#open}. */
    static WritingConnection open(Database database) throws SQLException {
        Connection connection = database.connectWriter();
        try {
            prepare(connection, database);
            return new WritingConnection(database, connection);
        } catch (SQLException | RuntimeException | Error failure) {
            Transaction.close(connection);
            throw failure;
        }
    }

    private static void prepare(Connection connection, Database database) throws SQLException {
        Optional<ServerLock> lock = database.lock();
        if (lock.isEmpty()) {
            Schema.prepare(connection, database);
            return;
        }
        int timeout = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 0); // a new column of a large table takes long
        lock.get().open(connection, database);
        connection.setNetworkTimeout(Runnable::run, timeout);
    }

    /**
     * Runs a task on the open connection, and again on another one if that has turned out to be lost: a connection to a
     * server is only known to be lost when it is used.
     */
    <R> R use(StoreWriter.Task<R> task) throws SQLException {
        Connection open = openConnection();
        try {
            return task.run(open);
        } catch (SQLException failure) {
            if (closed || !open.isClosed()) {
                throw failure;
            }
        }
        return task.run(openConnection());
    }

    private Connection openConnection() throws SQLException {
        if (!closed && connection.isClosed()) {
            inserter = null;
            connection = reconnect();
        }
        if (closed) { // since abort() may have aborted an earlier connection than this one
            Transaction.close(connection);
            throw new SQLException("the store is closed");
        }
        return connection;
    }

    private Connection reconnect() throws SQLException {
        Connection again = database.connectWriter();
        try {
            if (database.lock().isPresent()) {
                database.lock().get().resume(again, database.name());
            }
            return again;
        } catch (SQLException | RuntimeException failure) {
            Transaction.close(again);
            throw failure;
        }
    }

    /**
     * Runs and commits a transaction. Only one that was not yet to be committed can be repeated on another connection,
     * because nobody knows what has become of the others.
     */
    void commit(StoreWriter.Write writes) throws SQLException {
        Connection open = use(ready -> {
            try {
                RowInserter rows = inserter(ready);
                rows.clear();
                ready.setAutoCommit(false);
                writes.run(ready, rows);
                rows.send();
                return ready;
            } catch (SQLException | RuntimeException | Error failure) {
                Transaction.undo(ready);
                throw failure;
            }
        });
        try {
            Transaction.commit(open);
        } catch (SQLException | RuntimeException | Error failure) {
            Transaction.undo(open);
            throw failure;
        }
    }

    private RowInserter inserter(Connection open) throws SQLException {
        RowInserter prepared = inserter;
        if (prepared == null) {
            prepared = new RowInserter(database, open);
            inserter = prepared;
        }
        return prepared;
    }

    /**
     * Makes all tasks on a server fail, including the running one, because they would wait for a server that does not
     * respond. Afterwards, the connection can only be closed. Does nothing for a file.
     */
    void abort() {
        if (database.onServer()) {
            closed = true;
            try {
                connection.abort(Runnable::run);
            } catch (SQLException failure) {
                // The connection is closed already.
            }
        }
    }

    @Override
    public void close() {
        closed = true;
        Transaction.close(connection);
    }
}
