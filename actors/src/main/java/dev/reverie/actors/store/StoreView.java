package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import org.apache.pekko.util.ByteString;
import org.h2.engine.Constants;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The whole rows of a store at the moment at which it was opened, read in one transaction while others write. Holds one
 * row at a time in memory. Until it is closed, the database keeps the rows that are deleted meanwhile. Thread safe.
 */
public final class StoreView implements AutoCloseable {

    /** Rows that PostgreSQL sends at a time; a row can have tens of megabytes. */
    private static final int ROWS_PER_FETCH = 4;

    private static final String OWNERS = "SELECT \"persistence_id\" FROM \"event_journal\" UNION"
            + " SELECT \"persistence_id\" FROM \"snapshot\" ORDER BY 1";
    private static final String PAYLOAD_BYTES = "SELECT"
            + " (SELECT coalesce(sum(octet_length(\"event_payload\")), 0) FROM \"event_journal\""
            + " WHERE \"persistence_id\" = ?) + (SELECT coalesce(sum(octet_length(\"snapshot_payload\")), 0) FROM \"snapshot\""
            + " WHERE \"persistence_id\" = ?)";
    private static final String SNAPSHOTS = "SELECT \"persistence_id\", \"sequence_number\", \"created\","
            + " \"snapshot_ser_id\", \"snapshot_ser_manifest\", \"snapshot_payload\" FROM \"snapshot\""
            + " WHERE \"persistence_id\" = ? ORDER BY \"sequence_number\"";
    private static final String EVENTS = "SELECT \"persistence_id\", \"sequence_number\", \"deleted\", \"writer\","
            + " \"write_timestamp\", coalesce(\"adapter_manifest\", ''), \"event_ser_id\", \"event_ser_manifest\","
            + " \"event_payload\" FROM \"event_journal\" WHERE \"persistence_id\" = ? ORDER BY \"sequence_number\"";

    private final String name;
    private final Connection connection;
    private final int format;
    private final OptionalInt factor;
    private final Queue<Query> queries = new ArrayDeque<>();
    private @Nullable StoreDamage damage;
    private long payloadBytes;
    private @Nullable Query current;
    private @Nullable ResultSet rows;

    private StoreView(String name, Connection connection) throws SQLException {
        this.name = name;
        this.connection = connection;
        begin(connection);
        try (Statement statement = connection.createStatement();
                ResultSet settings = statement.executeQuery("SELECT format, factor FROM reverie_store")) {
            settings.next();
            this.format = settings.getInt(1);
            int stored = settings.getInt(2);
            this.factor = settings.wasNull() ? OptionalInt.empty() : OptionalInt.of(stored);
        }
    }

    /** Reads all rows unless that was done before. */
    private StoreDamage check() throws SQLException {
        if (damage != null) {
            return damage;
        }
        StoreDamage found = IntegrityCheck.of(connection, name).damage();
        PreparedStatement snapshots = prepare(SNAPSHOTS);
        PreparedStatement events = prepare(EVENTS);
        PreparedStatement sizes = connection.prepareStatement(PAYLOAD_BYTES);
        for (String owner : owners()) {
            if (found.of(owner).isEmpty()) {
                queries.add(new Query(owner, snapshots, StoreView::snapshot));
                queries.add(new Query(owner, events, StoreView::event));
                payloadBytes += payloadBytes(sizes, owner);
            }
        }
        damage = found;
        return found;
    }

    /** A query of the rows of an actor in one of the tables. */
    private record Query(String owner, PreparedStatement statement, RowReader reader) {

        ResultSet execute() throws SQLException {
            statement.setString(1, owner);
            return statement.executeQuery();
        }
    }

    @FunctionalInterface
    private interface RowReader {
        StoredRow read(ResultSet row) throws SQLException;
    }

    /**
     * Opens a view of what is durable now.
     *
     * @throws StoreException if the store can't be read
     */
    static StoreView open(Database database) {
        try {
            Connection connection = database.connect();
            try {
                return new StoreView(database.name(), connection);
            } catch (SQLException | RuntimeException | Error failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException | MVStoreException failure) {
            throw unreadable(database.name(), failure);
        }
    }

    /** Begins a transaction in which all queries see the same moment. In H2, only a level of its own offers that. */
    private static void begin(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        if (connection.getMetaData().getDatabaseProductName().equals("H2")) {
            connection.setTransactionIsolation(Constants.TRANSACTION_SNAPSHOT);
        } else {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
        }
    }

    private PreparedStatement prepare(String query) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(query);
        statement.setFetchSize(ROWS_PER_FETCH);
        return statement;
    }

    private static long payloadBytes(PreparedStatement sizes, String owner) throws SQLException {
        sizes.setString(1, owner);
        sizes.setString(2, owner);
        try (ResultSet sum = sizes.executeQuery()) {
            sum.next();
            return sum.getLong(1);
        }
    }

    private List<String> owners() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet owners = statement.executeQuery(OWNERS)) {
            List<String> ids = new ArrayList<>();
            while (owners.next()) {
                ids.add(owners.getString(1));
            }
            return ids;
        }
    }

    /** Format number of the tables. */
    public int format() {
        return format;
    }

    /** Multi-formation factor of all images in the store; empty if the store has not been used. */
    public OptionalInt factor() {
        return factor;
    }

    /** The persistence ids of all actors that have rows, whole or not. Reads no rows. */
    public synchronized List<String> actors() {
        try {
            return owners();
        } catch (SQLException | MVStoreException failure) {
            throw unreadable(name, failure);
        }
    }

    /**
     * All rows of an actor, whole or not, first its snapshots and then its events, both in order.
     *
     * @throws StoreException if the rows can't be read
     */
    public synchronized List<StoredRow> rows(String actor) {
        try {
            return rowsOf(connection, actor);
        } catch (SQLException | MVStoreException failure) {
            throw unreadable(name, failure);
        }
    }

    /**
     * The damage at the moment of the view. The actors that it names have no rows in the view. The first call of this
     * method, {@link #payloadBytes} or {@link #next} verifies all rows, which takes minutes for a large store.
     *
     * @throws StoreException if the rows can't be read, or if the damaged ones can't be told from the others
     */
    public synchronized StoreDamage damage() {
        try {
            return check();
        } catch (SQLException | MVStoreException failure) {
            throw unreadable(name, failure);
        }
    }

    /** Total size of the payloads of all rows, in bytes. */
    public synchronized long payloadBytes() {
        damage();
        return payloadBytes;
    }

    /**
     * Requires that no row is damaged.
     *
     * @throws StoreException if rows are damaged, or if the store can't be read
     */
    public void requireWhole() {
        damage().requireNone(name);
    }

    /**
     * Reads the next row. The rows of an actor follow each other, first its snapshots and then its events, both in the
     * order of their sequence numbers.
     *
     * @return empty after the last row
     * @throws StoreException if the row can't be read
     */
    public synchronized Optional<StoredRow> next() {
        try {
            check();
            while (true) {
                if (rows != null && current != null && rows.next()) {
                    return Optional.of(current.reader().read(rows));
                }
                current = queries.poll();
                if (current == null) {
                    return Optional.empty();
                }
                rows = current.execute();
            }
        } catch (SQLException | MVStoreException failure) {
            throw unreadable(name, failure);
        }
    }

    /** Reads all rows of an actor, first its snapshots and then its events. */
    static List<StoredRow> rowsOf(Connection connection, String owner) throws SQLException {
        List<StoredRow> found = new ArrayList<>();
        try (PreparedStatement snapshots = connection.prepareStatement(SNAPSHOTS);
                PreparedStatement events = connection.prepareStatement(EVENTS)) {
            for (Query query : List.of(
                    new Query(owner, snapshots, StoreView::snapshot), new Query(owner, events, StoreView::event))) {
                try (ResultSet rows = query.execute()) {
                    while (rows.next()) {
                        found.add(query.reader().read(rows));
                    }
                }
            }
        }
        return found;
    }

    private static StoredRow snapshot(ResultSet row) throws SQLException {
        return new StoredRow.Snapshot(
                row.getString(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getString(5), bytes(row, 6));
    }

    private static StoredRow event(ResultSet row) throws SQLException {
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

    private static StoreException unreadable(String name, Exception failure) {
        return switch (StoreFailure.of(failure)) {
            case DAMAGED ->
                new StoreException(
                        "the store " + name + " has damaged rows: find them with 'reverie store check'", failure);
            case FULL, UNAVAILABLE ->
                new StoreException(
                        "the store " + name + " can't be read: check its disk or its database server", failure);
        };
    }

    @Override
    public synchronized void close() {
        try {
            connection.close();
        } catch (SQLException alreadyClosed) {
            // The transaction has changed nothing.
        }
    }
}
