package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.pekko.Done;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;

/** The SQL statements that are the same for all kinds of {@link Database}. */
final class StoreRows {

    /** Persistence id of the row that {@link #probeSpace} does not keep. */
    static final String PROBE = "space";

    private static final int PROBE_BYTES = 1 << 20;

    /** Rows that PostgreSQL sends at a time; a row can have tens of megabytes. */
    private static final int ROWS_PER_FETCH = 4;

    private static final String IN_ORDER = " ORDER BY sequence_number";

    private StoreRows() {}

    /** Returns the stored multi-formation factor. Stores the given one first if there is none. */
    static int factor(Connection connection, int factor) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet stored =
                        statement.executeQuery("SELECT factor FROM reverie_store WHERE factor IS NOT NULL")) {
            if (stored.next()) {
                return stored.getInt(1); // a full disk does not prevent this
            }
        }
        try (Statement statement = connection.createStatement()) {
            boolean first =
                    statement.executeUpdate("UPDATE reverie_store SET factor = " + factor + " WHERE factor IS NULL")
                            > 0;
            return first ? factor : factor(connection, factor); // another node was faster
        }
    }

    /** Stores a multi-formation factor if the images choose it so far. Returns the number of changed rows. */
    static int fixFactor(Connection connection, int factor) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate("UPDATE reverie_store SET factor = " + factor + " WHERE factor < 0");
        }
    }

    /** Writes to the store without changing it. */
    static Done touch(Connection connection, Database database) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(database.touch());
            return Done.getInstance();
        }
    }

    /**
     * Writes as much to a server as a delivery may need, and discards it. {@link Database#touch} also succeeds on a
     * full disk, since it finds room in the page of the row.
     */
    static Done probeSpace(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO event_journal (persistence_id, sequence_number, writer, event_ser_id, event_ser_manifest,"
                        + " event_payload) VALUES (?, 0, '', 0, '', ?)")) {
            insert.setString(1, PROBE);
            insert.setBytes(2, new byte[PROBE_BYTES]);
            insert.executeUpdate();
            return Done.getInstance();
        } finally {
            Transaction.undo(connection);
        }
    }

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

    /** Returns the last sequence number of an actor's events; 0 if it has none. */
    static long highestSequenceNumber(Connection connection, String persistenceId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(
                "SELECT coalesce(max(sequence_number), 0) FROM event_journal WHERE persistence_id = ?")) {
            select.setString(1, persistenceId);
            try (ResultSet highest = select.executeQuery()) {
                highest.next();
                return highest.getLong(1);
            }
        }
    }

    /** Returns the number of all events and snapshots. */
    static long count(Connection connection) throws SQLException {
        return number(connection, "SELECT (SELECT count(*) FROM event_journal) + (SELECT count(*) FROM snapshot)");
    }

    /** Returns the number of bytes of an actor's events and snapshots. */
    static long size(Connection connection, String persistenceId) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT"
                + " (SELECT coalesce(sum(octet_length(event_payload)), 0) FROM event_journal WHERE persistence_id = ?)"
                + " + (SELECT coalesce(sum(octet_length(snapshot_payload)), 0) FROM snapshot"
                + " WHERE persistence_id = ?)")) {
            select.setString(1, persistenceId);
            select.setString(2, persistenceId);
            try (ResultSet sum = select.executeQuery()) {
                sum.next();
                return sum.getLong(1);
            }
        }
    }

    /** Returns the number of bytes of all events and snapshots. */
    static long size(Connection connection) throws SQLException {
        return number(
                connection,
                "SELECT (SELECT coalesce(sum(octet_length(event_payload)), 0) FROM event_journal)"
                        + " + (SELECT coalesce(sum(octet_length(snapshot_payload)), 0) FROM snapshot)");
    }

    /** The number with which the result of a query begins. */
    static long number(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet value = statement.executeQuery(query)) {
            value.next();
            return value.getLong(1);
        }
    }

    /** Deletes all events and snapshots of an actor, all or none. */
    static void erase(Connection connection, Database database, String persistenceId) throws SQLException {
        Transaction.run(connection, () -> {
            if (database.onServer()) {
                awaitInsertions(connection, persistenceId);
            }
            trim(connection, database, persistenceId, Long.MAX_VALUE);
        });
    }

    /** Returns the persistence ids of all events and snapshots in order; reads only the indices of the tables. */
    static List<String> persistenceIds(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet ids = statement.executeQuery("SELECT DISTINCT persistence_id FROM event_journal"
                        + " UNION SELECT DISTINCT persistence_id FROM snapshot ORDER BY 1")) {
            List<String> found = new ArrayList<>();
            while (ids.next()) {
                found.add(ids.getString(1));
            }
            return found;
        }
    }

    /**
     * Deletes the events and snapshots of an actor before a sequence number, as a part of a transaction. A server
     * rejects them afterwards.
     */
    static void trim(Connection connection, Database database, String persistenceId, long before) throws SQLException {
        if (database.onServer()) {
            raiseFloor(connection, persistenceId, before - 1);
        }
        for (StoredTable table : StoredTable.values()) {
            try (PreparedStatement delete = connection.prepareStatement(
                    "DELETE FROM " + table.table() + " WHERE persistence_id = ? AND sequence_number < ?")) {
                delete.setString(1, persistenceId);
                delete.setLong(2, before);
                delete.executeUpdate();
            }
        }
    }

    /** Waits for transactions that have inserted rows of an actor, and lets later ones wait for this transaction. */
    private static void awaitInsertions(Connection connection, String persistenceId) throws SQLException {
        try (PreparedStatement lock = connection.prepareStatement(
                "SELECT pg_advisory_xact_lock(hashtext('reverie_floor'), hashtext(?) & 63)")) {
            lock.setString(1, persistenceId);
            lock.execute();
        }
    }

    /** Lets a server reject the rows of an actor up to a sequence number. */
    private static void raiseFloor(Connection connection, String persistenceId, long floor) throws SQLException {
        try (PreparedStatement raise = connection.prepareStatement(
                "INSERT INTO reverie_floor VALUES (?, ?)"
                        + " ON CONFLICT (persistence_id) DO UPDATE SET floor = GREATEST(reverie_floor.floor, EXCLUDED.floor)")) {
            raise.setString(1, persistenceId);
            raise.setLong(2, floor);
            raise.executeUpdate();
        }
    }
}
