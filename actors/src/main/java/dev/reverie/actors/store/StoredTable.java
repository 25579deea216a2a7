package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.pekko.util.ByteString;

/**
 * A table of the store that holds the data of actors. Its key is the persistence id of an actor and a sequence number,
 * and has an index. The column {@code checksum} is computed by the database from the key and the content of a row.
 */
enum StoredTable {
    SNAPSHOTS(
            "snapshot",
            "snapshot",
            List.of(
                    "persistence_id",
                    "sequence_number",
                    "created",
                    "snapshot_ser_id",
                    "snapshot_ser_manifest",
                    "snapshot_payload"),
            Set.of("created")),
    EVENTS(
            "event_journal",
            "event",
            List.of(
                    "persistence_id",
                    "sequence_number",
                    "deleted",
                    "writer",
                    "write_timestamp",
                    "adapter_manifest",
                    "event_ser_id",
                    "event_ser_manifest",
                    "event_payload"),
            Set.of("write_timestamp", "adapter_manifest"));

    static final String KEY = "persistence_id, sequence_number";

    /** Rows that a message names one by one. */
    private static final int NAMED_ROWS = 5;

    /**
     * Rows that PostgreSQL sends at a time, if the query is part of a transaction, so that a listener learns of the
     * first ones before the last are read.
     */
    private static final int ROWS_PER_FETCH = 1000;

    private static final String TRANSACTION_FAILED = "25P02";

    private final String table;
    private final String noun;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> columns;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<String> unchecked;

    /** A table with the columns that a writer sets, some of which the checksum does not cover. */
    StoredTable(String table, String noun, List<String> columns, Set<String> unchecked) {
        this.table = table;
        this.noun = noun;
        this.columns = columns;
        this.unchecked = unchecked;
    }

    String table() {
        return table;
    }

    /** What a row of the table is called in messages. */
    String noun() {
        return noun;
    }

    /** The columns that a writer sets, first those of the key, and last the payload. */
    List<String> columns() {
        return columns;
    }

    /** The columns that the checksum covers, the payload last. */
    List<String> checksummed() {
        return columns.stream().filter(column -> !unchecked.contains(column)).toList();
    }

    /** Reads the current row of a query of all {@link #columns}. */
    StoredRow read(ResultSet row) throws SQLException {
        return switch (this) {
            case SNAPSHOTS -> snapshot(row);
            case EVENTS -> event(row);
        };
    }

    static StoredRow.Snapshot snapshot(ResultSet row) throws SQLException {
        return new StoredRow.Snapshot(
                row.getString(1), row.getLong(2), row.getLong(3), row.getInt(4), row.getString(5), bytes(row, 6));
    }

    static StoredRow.Event event(ResultSet row) throws SQLException {
        return new StoredRow.Event(
                row.getString(1),
                row.getLong(2),
                row.getBoolean(3),
                row.getString(4),
                row.getLong(5),
                Objects.requireNonNullElse(row.getString(6), ""),
                row.getInt(7),
                row.getString(8),
                bytes(row, 9));
    }

    private static ByteString bytes(ResultSet row, int column) throws SQLException {
        return ByteString.fromArrayUnsafe(row.getBytes(column));
    }

    /** Names rows by their sequence numbers, as in {@code event 3} or {@code 2 events (3, 4)}. */
    String describe(NavigableSet<Long> numbers) {
        if (numbers.size() == 1) {
            return noun + " " + numbers.first();
        }
        String first = numbers.stream().limit(NAMED_ROWS).map(String::valueOf).collect(Collectors.joining(", "));
        return numbers.size() + " " + noun + "s (" + first + (numbers.size() > NAMED_ROWS ? ", ..." : "") + ")";
    }

    /**
     * Reads the rows in the order of the table and verifies their checksums.
     *
     * @param onRow is called after each row
     */
    RowKeys verifiedRows(Database database, Connection connection, Runnable onRow) throws SQLException {
        String valid = database.checksumCondition(connection, this).orElse("TRUE");
        return read(connection, valid, database.rowByRow(this), onRow);
    }

    /** Reads the keys of the rows in the order of the table, without their content. */
    RowKeys keys(Database database, Connection connection) throws SQLException {
        return read(connection, "TRUE", database.rowByRow(this), () -> {});
    }

    /** Reads the keys of the rows from the index, and searches for each row. Those that are not found are invalid. */
    RowKeys searchedKeys(Database database, Connection connection) throws SQLException {
        return indexedKeys(database, connection, database.leadsToRow(this));
    }

    /** Reads the keys of the rows from the index alone. */
    RowKeys indexedKeys(Database database, Connection connection) throws SQLException {
        return indexedKeys(database, connection, "TRUE");
    }

    private RowKeys indexedKeys(Database database, Connection connection, String valid) throws SQLException {
        Database.Access access = database.throughIndex(this);
        return read(
                connection,
                valid,
                new Database.Access(access.table() + " ORDER BY " + KEY, access.disabledPlans()),
                () -> {});
    }

    /** Reads the rows of one actor through the index, as the actor does, and verifies their checksums. */
    RowKeys verifiedRowsOf(Database database, Connection connection, String persistenceId) throws SQLException {
        String valid = database.checksumCondition(connection, this).orElse("TRUE");
        try (PreparedStatement select = connection.prepareStatement("SELECT " + KEY + ", " + valid + " FROM " + table
                + " WHERE persistence_id = ? ORDER BY sequence_number")) {
            select.setString(1, persistenceId);
            try (ResultSet rows = select.executeQuery()) {
                return RowKeys.of(rows, () -> {});
            }
        }
    }

    private static RowKeys read(Connection connection, String valid, Database.Access access, Runnable onRow)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String plan : access.disabledPlans()) {
                statement.execute("SET enable_" + plan + " = off");
            }
            statement.setFetchSize(ROWS_PER_FETCH);
            try (ResultSet rows = statement.executeQuery("SELECT " + KEY + ", " + valid + " FROM " + access.table())) {
                return RowKeys.of(rows, onRow);
            } finally {
                reset(statement, access.disabledPlans());
            }
        }
    }

    private static void reset(Statement statement, List<String> disabledPlans) throws SQLException {
        try {
            for (String plan : disabledPlans) {
                statement.execute("RESET enable_" + plan);
            }
        } catch (SQLException failure) {
            if (!TRANSACTION_FAILED.equals(failure.getSQLState())) { // its rollback resets the plans
                throw failure;
            }
        }
    }
}
