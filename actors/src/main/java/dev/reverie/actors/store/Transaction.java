package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

final class Transaction {

    private Transaction() {}

    /** Statements of SQL that change something. */
    @FunctionalInterface
    interface Statements {
        void run() throws SQLException;
    }

    /** Statements of SQL that have a result. */
    @FunctionalInterface
    interface Query<R> {
        R run() throws SQLException;
    }

    /**
     * Runs and commits statements, all or none.
     *
     * @throws SQLException the first failure. SQLite ends the transaction by itself when the disk is full, so that a
     *     rollback fails too, for a reason that would hide this one.
     */
    static void run(Connection connection, Statements statements) throws SQLException {
        try {
            connection.setAutoCommit(false);
            statements.run();
            commit(connection);
        } catch (SQLException | RuntimeException | Error failure) {
            undo(connection);
            throw failure;
        }
    }

    /** Commits the transaction of a connection, and begins no other one as {@link Connection#commit} does. */
    static void commit(Connection connection) throws SQLException {
        connection.setAutoCommit(true);
    }

    /** Discards the transaction of a connection, if it still has one, and ignores failures. */
    static void undo(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            if (connection.getAutoCommit()) {
                statement.execute("ROLLBACK"); // of a commit that has failed
            } else {
                connection.rollback();
            }
        } catch (SQLException ended) {
            // There is no transaction any more.
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException ended) {
            // The connection is closed, or had no transaction.
        }
    }

    /** Closes a connection that needs nothing any more: what it has committed is durable. */
    static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException ignored) {
            // A server notices when the process ends.
        }
    }
}
