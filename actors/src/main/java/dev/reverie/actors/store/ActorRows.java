package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/** Reads the rows of one actor, in the order of their sequence numbers. */
final class ActorRows {

    /** Rows that PostgreSQL sends at a time; a row can have tens of megabytes. */
    private static final int ROWS_PER_FETCH = 4;

    private static final String IN_ORDER = " ORDER BY sequence_number";

    private ActorRows() {}

    /** Prepares a query of all rows in a table. */
    static PreparedStatement select(Connection connection, StoredTable table, String owner) throws SQLException {
        return select(connection, table, owner, IN_ORDER);
    }

    private static PreparedStatement select(Connection connection, StoredTable table, String owner, String rest)
            throws SQLException {
        PreparedStatement select = connection.prepareStatement("SELECT " + String.join(", ", table.columns()) + " FROM "
                + table.table() + " WHERE persistence_id = ?" + rest);
        select.setFetchSize(ROWS_PER_FETCH);
        select.setString(1, owner);
        return select;
    }

    /** Reads all rows, first the snapshots and then the events. */
    static List<StoredRow> all(Connection connection, String owner) throws SQLException {
        List<StoredRow> found = new ArrayList<>();
        for (StoredTable table : StoredTable.values()) {
            try (PreparedStatement select = select(connection, table, owner);
                    ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    found.add(table.read(rows));
                }
            }
        }
        return found;
    }

    /**
     * Reads events.
     *
     * @param from first sequence number
     * @param to last sequence number
     * @param max largest number of events
     */
    static void events(
            Connection connection, String owner, long from, long to, long max, Consumer<StoredRow.Event> onEvent)
            throws SQLException {
        String range = " AND sequence_number BETWEEN ? AND ?" + IN_ORDER + " LIMIT ?";
        try (PreparedStatement select = select(connection, StoredTable.EVENTS, owner, range)) {
            select.setLong(2, from);
            select.setLong(3, to);
            select.setLong(4, max);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    onEvent.accept(StoredTable.event(rows));
                }
            }
        }
    }

    /** Reads the last snapshot that meets criteria. */
    static Optional<StoredRow.Snapshot> lastSnapshot(
            Connection connection, String owner, SnapshotSelectionCriteria criteria) throws SQLException {
        String range = " AND sequence_number BETWEEN ? AND ? AND created BETWEEN ? AND ?" + IN_ORDER + " DESC LIMIT 1";
        try (PreparedStatement select = select(connection, StoredTable.SNAPSHOTS, owner, range)) {
            select.setLong(2, criteria.minSequenceNr());
            select.setLong(3, criteria.maxSequenceNr());
            select.setLong(4, criteria.minTimestamp());
            select.setLong(5, criteria.maxTimestamp());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(StoredTable.snapshot(row)) : Optional.empty();
            }
        }
    }
}
