package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.apache.pekko.Done;

/**
 * The pages of an SQLite file that contain nothing any more.
 *
 * @param free their number
 * @param all number of all pages
 */
record FreePages(long free, long all) {

    static FreePages of(Connection connection) throws SQLException {
        return new FreePages(number(connection, "PRAGMA freelist_count"), number(connection, "PRAGMA page_count"));
    }

    /** The number with which a query begins. */
    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet value = statement.executeQuery(query)) {
            value.next();
            return value.getLong(1);
        }
    }

    /** Moves pages from the end of the file into free ones, and gives as many back to the disk. */
    static void release(Connection connection, int pages) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")");
        }
    }

    /**
     * Empties the log.
     *
     * @throws SQLException if a reader still needs it
     */
    static Done requireEmptyLog(Connection connection) throws SQLException {
        if (!emptyLog(connection)) {
            throw new SQLException("the log is in use");
        }
        return Done.getInstance();
    }

    /**
     * Moves all pages from the log into the file, and empties the log.
     *
     * @return false if a reader still needs the log
     */
    static boolean emptyLog(Connection connection) throws SQLException {
        long patience = number(connection, "PRAGMA busy_timeout");
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA busy_timeout = 0"); // commits must not wait for a reader
            return number(connection, "PRAGMA wal_checkpoint(TRUNCATE)") == 0;
        } finally {
            try (Statement statement = connection.createStatement()) {
                statement.execute("PRAGMA busy_timeout = " + patience);
            }
        }
    }
}
