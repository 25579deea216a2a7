package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.h2.api.ErrorCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The SQL statements of a store, in addition to those of Pekko Persistence. */
final class StoreRows {

    /** Persistence id of the row that {@link #probeSpace} does not keep. */
    static final String PROBE = "space";

    private static final Logger LOG = LoggerFactory.getLogger(StoreRows.class);

    private static final int PROBE_BYTES = 1 << 20;
    private static final long ALL = Long.MAX_VALUE;

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
            return statement.executeUpdate(
                    "UPDATE reverie_store SET factor = " + factor + " WHERE factor = " + StoredFactor.CHOSEN_BY_IMAGES);
        }
    }

    /** Writes to the store without changing it. */
    static void touch(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("UPDATE reverie_store SET format = format");
        }
    }

    /**
     * Writes as much to a server as a delivery may need, and discards it. {@link #touch} also succeeds on a full disk,
     * since it finds room in the page of the row.
     */
    static void probeSpace(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO event_journal (persistence_id, sequence_number, writer, event_ser_id, event_ser_manifest,"
                        + " event_payload) VALUES (?, 0, '', 0, '', ?)")) {
            insert.setString(1, PROBE);
            insert.setBytes(2, new byte[PROBE_BYTES]);
            insert.executeUpdate();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    /** Writes the file of an H2 database anew, without the space of deleted rows, and closes the database. */
    static boolean rewriteFile(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return statement.execute("SHUTDOWN COMPACT");
        }
    }

    /** Returns the number of all events and snapshots. */
    static long count(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery(
                        "SELECT (SELECT count(*) FROM \"event_journal\")" + " + (SELECT count(*) FROM \"snapshot\")")) {
            sum.next();
            return sum.getLong(1);
        }
    }

    /** Returns the number of bytes of all events and snapshots. */
    static long size(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet sum = statement.executeQuery("SELECT"
                        + " (SELECT coalesce(sum(octet_length(\"event_payload\")), 0) FROM \"event_journal\")"
                        + " + (SELECT coalesce(sum(octet_length(\"snapshot_payload\")), 0) FROM \"snapshot\")")) {
            return sum.next() ? sum.getLong(1) : 0;
        }
    }

    /** Deletes all events and snapshots of an actor, even if the index does not match them. Returns their number. */
    static int erase(Connection connection, Database database, String persistenceId) throws SQLException {
        int rows = 0;
        try {
            rows = delete(connection, database, persistenceId, ALL);
        } catch (SQLException failure) {
            if (failure.getErrorCode() != ErrorCode.ROW_NOT_FOUND_WHEN_DELETING_1) {
                throw failure;
            }
            for (StoredTable table : StoredTable.values()) {
                rows += table.deleteDamagedRows(connection, persistenceId);
            }
        }
        restoreIndices(connection);
        return rows;
    }

    private static void restoreIndices(Connection connection) {
        try {
            for (StoredTable table : StoredTable.values()) {
                table.restoreIndex(connection);
            }
        } catch (SQLException failure) { // the rows are deleted nevertheless
            LOG.warn("A primary key of the store could not be built, but the next start tries again", failure);
        }
    }

    /** Returns the persistence ids of all events and snapshots; reads only the indices of the tables. */
    static List<String> persistenceIds(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet ids = statement.executeQuery("SELECT DISTINCT \"persistence_id\" FROM \"event_journal\""
                        + " UNION SELECT DISTINCT \"persistence_id\" FROM \"snapshot\"")) {
            List<String> found = new ArrayList<>();
            while (ids.next()) {
                found.add(ids.getString(1));
            }
            return found;
        }
    }

    /**
     * Deletes the events and snapshots of an actor before a sequence number, all or none. A server rejects them
     * afterwards. Returns their number.
     */
    static int delete(Connection connection, Database database, String persistenceId, long before) throws SQLException {
        connection.setAutoCommit(false);
        try {
            if (database.onServer()) {
                if (before == ALL) {
                    awaitInsertions(connection, persistenceId);
                }
                raiseFloor(connection, persistenceId, before - 1);
            }
            int rows = 0;
            for (String table : new String[] {"event_journal", "snapshot"}) {
                try (PreparedStatement delete = connection.prepareStatement(
                        "DELETE FROM \"" + table + "\" WHERE \"persistence_id\" = ? AND \"sequence_number\" < ?")) {
                    delete.setString(1, persistenceId);
                    delete.setLong(2, before);
                    rows += delete.executeUpdate();
                }
            }
            connection.commit();
            return rows;
        } catch (SQLException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(true);
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
