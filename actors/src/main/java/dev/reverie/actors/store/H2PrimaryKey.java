package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Builds the primary key of a table in H2 again from its rows. H2 commits each statement that changes a table, so a
 * kill can leave the table with both indices or without its primary key. A second index therefore serves the actors
 * meanwhile, and {@link #restore} completes the work when the store is opened.
 */
final class H2PrimaryKey {

    private static final Logger LOG = LoggerFactory.getLogger(H2PrimaryKey.class);

    /** Index of stores of earlier versions that were killed while they built a key. */
    private static final String EARLIER_INDEX = "rebuilt";

    private final Connection connection;
    private final StoredTable table;
    private final String alter;
    private final String index;

    H2PrimaryKey(Connection connection, StoredTable table) {
        this.connection = connection;
        this.table = table;
        this.alter = "ALTER TABLE \"" + table.table() + "\" ";
        this.index = table.table() + "_rebuilt";
    }

    /** Changes rows while the table has no primary key. */
    interface Change<R> {
        R apply() throws SQLException;
    }

    /** Restores the primary key if it could not be built before, or if a process was killed while it built the key. */
    void restore() throws SQLException {
        if (!hasKey()) {
            build();
        } else if (exists("INDEXES", "INDEX_NAME IN ('" + index + "', '" + EARLIER_INDEX + "')")) {
            dropOtherIndices();
        }
    }

    /**
     * Builds the primary key again.
     *
     * @param change changes rows that the index does not match, which H2 refuses while the table has the index
     * @throws SQLException if not all rows can be read; the table is then as it was
     */
    <R> R rebuild(Change<R> change) throws SQLException {
        execute("CREATE INDEX IF NOT EXISTS \"" + index + "\" ON \"" + table.table() + "\" (" + StoredTable.KEY + ")");
        if (hasKey()) {
            execute(alter + "DROP PRIMARY KEY");
        }
        try {
            return change.apply();
        } finally {
            build();
        }
    }

    /** Adds the primary key. Two rows with the same key, of which one is damaged, prevent it. */
    private void build() throws SQLException {
        try {
            execute(alter + "ADD PRIMARY KEY (" + StoredTable.KEY + ")");
            dropOtherIndices();
        } catch (SQLException failure) {
            if (failure.getErrorCode() != ErrorCode.DUPLICATE_KEY_1) {
                throw failure;
            }
            LOG.warn(
                    "The table {} has damaged rows with equal keys, so it has no primary key{}: forget the damaged"
                            + " classes, or restore the store from a backup",
                    table.table(),
                    table == StoredTable.SNAPSHOTS ? " and no class can store a snapshot" : "",
                    failure);
        }
    }

    private void dropOtherIndices() throws SQLException {
        execute("DROP INDEX IF EXISTS \"" + index + "\"");
        execute("DROP INDEX IF EXISTS \"" + EARLIER_INDEX + "\"");
    }

    private boolean hasKey() throws SQLException {
        return exists("TABLE_CONSTRAINTS", "CONSTRAINT_TYPE = 'PRIMARY KEY'");
    }

    private boolean exists(String what, String condition) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM INFORMATION_SCHEMA." + what
                + " WHERE TABLE_NAME = ? AND TABLE_SCHEMA = CURRENT_SCHEMA AND " + condition)) {
            select.setString(1, table.table());
            try (ResultSet found = select.executeQuery()) {
                return found.next();
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
