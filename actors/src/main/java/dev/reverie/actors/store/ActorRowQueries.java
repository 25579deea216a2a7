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
import org.apache.pekko.util.ByteString;

/** Queries of the rows of one actor each, in the order of their sequence numbers. Not thread safe. */
final class ActorRowQueries implements AutoCloseable {

    /** Rows that PostgreSQL sends at a time; a row can have tens of megabytes. */
    private static final int ROWS_PER_FETCH = 4;

    private static final String SNAPSHOTS =
            "SELECT " + String.join(", ", StoredTable.SNAPSHOTS.columns()) + " FROM snapshot WHERE persistence_id = ?";
    private static final String EVENTS = "SELECT persistence_id, sequence_number, deleted, writer, write_timestamp,"
            + " coalesce(adapter_manifest, ''), event_ser_id, event_ser_manifest, event_payload FROM event_journal"
            + " WHERE persistence_id = ?";
    private static final String IN_ORDER = " ORDER BY sequence_number";

    private final PreparedStatement snapshots;
    private final PreparedStatement events;

    ActorRowQueries(Connection connection) throws SQLException {
        this.snapshots = prepare(connection, SNAPSHOTS + IN_ORDER);
        this.events = prepare(connection, EVENTS + IN_ORDER);
    }

    private static PreparedStatement prepare(Connection connection, String query) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(query);
        statement.setFetchSize(ROWS_PER_FETCH);
        return statement;
    }

    /** A query of the rows of an actor in one of the tables. */
    record Query(String owner, PreparedStatement statement, RowReader reader) {

        /** Runs the query. Its rows can be read until another query runs on the same table. */
        ResultSet execute() throws SQLException {
            statement.setString(1, owner);
            return statement.executeQuery();
        }
    }

    /** Reads the current row of a result. */
    @FunctionalInterface
    interface RowReader {
        StoredRow read(ResultSet row) throws SQLException;
    }

    /** The queries of the snapshots and the events of an actor. */
    List<Query> of(String owner) {
        return List.of(
                new Query(owner, snapshots, ActorRowQueries::snapshot),
                new Query(owner, events, ActorRowQueries::event));
    }

    /** Reads all rows of an actor, first its snapshots and then its events. */
    static List<StoredRow> rowsOf(Connection connection, String owner) throws SQLException {
        List<StoredRow> found = new ArrayList<>();
        try (ActorRowQueries queries = new ActorRowQueries(connection)) {
            for (Query query : queries.of(owner)) {
                try (ResultSet rows = query.execute()) {
                    while (rows.next()) {
                        found.add(query.reader().read(rows));
                    }
                }
            }
        }
        return found;
    }

    /**
     * Reads events of an actor in order.
     *
     * @param from first sequence number
     * @param to last sequence number
     * @param max largest number of events
     */
    static void readEvents(
            Connection connection, String owner, long from, long to, long max, Consumer<StoredRow.Event> onEvent)
            throws SQLException {
        try (PreparedStatement select =
                prepare(connection, EVENTS + " AND sequence_number BETWEEN ? AND ?" + IN_ORDER + " LIMIT ?")) {
            select.setString(1, owner);
            select.setLong(2, from);
            select.setLong(3, to);
            select.setLong(4, max);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    onEvent.accept(event(rows));
                }
            }
        }
    }

    /** Reads the last snapshot of an actor that meets criteria. */
    static Optional<StoredRow.Snapshot> lastSnapshot(
            Connection connection, String owner, SnapshotSelectionCriteria criteria) throws SQLException {
        try (PreparedStatement select = prepare(
                connection,
                SNAPSHOTS + " AND sequence_number BETWEEN ? AND ? AND created BETWEEN ? AND ?" + IN_ORDER
                        + " DESC LIMIT 1")) {
            select.setString(1, owner);
            select.setLong(2, criteria.minSequenceNr());
            select.setLong(3, criteria.maxSequenceNr());
            select.setLong(4, criteria.minTimestamp());
            select.setLong(5, criteria.maxTimestamp());
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(snapshot(row)) : Optional.empty();
            }
        }
    }

    private static StoredRow.Snapshot snapshot(ResultSet row) throws SQLException {
        return new StoredRow.Snapshot(
                row.getString(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getString(5), bytes(row, 6));
    }

    private static StoredRow.Event event(ResultSet row) throws SQLException {
        return new StoredRow.Event(
                row.getString(1),
                row.getLong(2),
                row.getBoolean(3),
                row.getString(4),
                row.getLong(5),
                row.getString(6),
                row.getInt(7),
                row.getString(8),
                bytes(row, 9));
    }

    private static ByteString bytes(ResultSet row, int column) throws SQLException {
        return ByteString.fromArrayUnsafe(row.getBytes(column));
    }

    @Override
    public void close() throws SQLException {
        snapshots.close();
        events.close();
    }
}
