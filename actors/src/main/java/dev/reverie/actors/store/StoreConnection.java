package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a store to its database, in addition to those of Pekko Persistence. It is opened again if a failure
 * of the database has closed it. On a server, it holds the {@link ServerLock} of the process. Thread safe.
 */
final class StoreConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreConnection.class);

    private final Database database;
    private volatile Connection connection;
    private volatile boolean closed;

    private StoreConnection(Database database, Connection connection) {
        this.database = database;
        this.connection = connection;
    }

    /** A task that uses the connection. */
    interface Task<R> {
        R run(Connection connection) throws SQLException;
    }

    /**
     * Opens a connection, and creates the tables of the store if necessary.
     *
     * @throws StoreException if another process uses the store, or if the store has another format
     */
    static StoreConnection open(Database database) throws SQLException {
        Connection connection = database.connect();
        try {
            Optional<SQLException> damage = prepare(connection, database);
            if (damage.isPresent()) {
                LOG.warn(
                        "An index of the store {} was damaged. Nothing uses it, so no data is lost. Check the disk,"
                                + " because it may damage other data.",
                        database.name(),
                        damage.get());
                closeQuietly(connection); // H2 drops the index only after it has opened the file again
                connection = database.connect();
                prepare(connection, database);
            }
            return new StoreConnection(database, connection);
        } catch (SQLException | RuntimeException | Error failure) {
            closeQuietly(connection);
            database.close();
            throw failure;
        }
    }

    private static Optional<SQLException> prepare(Connection connection, Database database) throws SQLException {
        if (database.lock().isEmpty()) {
            return prepareFile(connection, database);
        }
        int timeout = connection.getNetworkTimeout();
        connection.setNetworkTimeout(Runnable::run, 0); // a new column of a large table takes long
        database.lock().get().open(connection, database.name(), () -> Schema.prepare(connection, database));
        connection.setNetworkTimeout(Runnable::run, timeout);
        return Optional.empty();
    }

    /**
     * Creates the missing tables of a store in a file, and completes a change of indices that a kill interrupted.
     * Returns the damage that keeps the unused index from being dropped; empty if there is none.
     */
    static Optional<SQLException> prepareFile(Connection connection, Database database) throws SQLException {
        Schema.prepare(connection, database);
        Optional<SQLException> damage = H2UnusedIndex.drop(connection);
        for (StoredTable table : StoredTable.values()) {
            new H2PrimaryKey(connection, table).restore();
        }
        return damage;
    }

    /** Runs a task on the open connection, when no other task uses it. */
    synchronized <R> R call(Task<R> task) throws SQLException {
        if (!closed && !isOpen()) {
            closeQuietly(connection); // it may still hold the lock
            connection = reconnect();
        }
        if (closed) { // since endTasks() may have aborted an earlier connection than this one
            closeQuietly(connection);
            throw new SQLException("the store is closed");
        }
        return task.run(connection);
    }

    private Connection reconnect() throws SQLException {
        Connection again = database.connect();
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

    private boolean isOpen() throws SQLException {
        return database.onServer() ? connection.isValid(1) : H2FileDriver.isOpen(connection);
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

    /** Closes the connection, and the database if it is in a file, even if it cannot be written to. */
    @Override
    public synchronized void close() {
        closed = true;
        try (Connection last = connection) {
            if (!database.onServer() && isOpen()) {
                last.createStatement().execute("SHUTDOWN");
            }
        } catch (SQLException failure) {
            // All committed data is in the file already.
        }
        database.close();
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // The server notices when the process ends.
        }
    }
}
