package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/**
 * The connection of a store to its database, in addition to those of Pekko Persistence. It is opened again if a failure
 * of the database has closed it. On a server, it holds the lock of the store. Thread safe.
 */
final class StoreConnection implements AutoCloseable {

    /** Key of the advisory lock in PostgreSQL: "Reverie" in ASCII. */
    private static final long ADVISORY_LOCK = 0x52_65_76_65_72_69_65L;

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(3);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Database database;
    private Connection connection;
    private boolean closed;

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
        Connection connection = connect(database);
        try {
            Schema.prepare(connection, database);
            return new StoreConnection(database, connection);
        } catch (SQLException | RuntimeException failure) {
            closeQuietly(connection);
            database.close();
            throw failure;
        }
    }

    /**
     * Opens a connection that holds the lock of the store, if the store is on a server.
     *
     * @throws StoreException if another process uses the store
     */
    static Connection connect(Database database) throws SQLException {
        Connection connection = database.connect();
        try {
            if (database.onServer()) {
                lock(connection, database);
            }
            return connection;
        } catch (SQLException | RuntimeException failure) {
            connection.close();
            throw failure;
        }
    }

    /** Waits for the lock, since the server needs a moment to notice that an earlier process was killed. */
    private static void lock(Connection connection, Database database) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '" + LOCK_TIMEOUT.toMillis() + "ms'");
            statement.execute("SELECT pg_advisory_lock(" + ADVISORY_LOCK + ")");
            statement.execute("SET lock_timeout = 0");
        } catch (SQLException failure) {
            if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                throw failure;
            }
            throw new StoreException(
                    "the store " + database.name()
                            + " is in use by another process: stop that process, or choose another database",
                    failure);
        }
    }

    /** Runs a task on the open connection, when no other task uses it. */
    synchronized <R> R call(Task<R> task) throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed");
        }
        if (!isOpen()) {
            closeQuietly(connection); // it may still hold the advisory lock
            connection = connect(database);
        }
        return task.run(connection);
    }

    private boolean isOpen() throws SQLException {
        return database.onServer() ? connection.isValid(1) : H2FileDriver.isOpen(connection);
    }

    /** Closes the connection, and the database if it is in a file, even if it can't be written to. */
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
