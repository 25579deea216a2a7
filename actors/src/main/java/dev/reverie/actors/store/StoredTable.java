package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A table of the store that holds the data of actors. Its key is the persistence id of an actor and a sequence number,
 * and has an index. The column {@code checksum} is computed by the database from the key and the content of a row.
 */
enum StoredTable {
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
            List.of(
                    "persistence_id",
                    "sequence_number",
                    "deleted",
                    "writer",
                    "event_ser_id",
                    "event_ser_manifest",
                    "event_payload")),
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
            List.of(
                    "persistence_id",
                    "sequence_number",
                    "snapshot_ser_id",
                    "snapshot_ser_manifest",
                    "snapshot_payload"));

    /** Columns of the key. */
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

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> checksummed;

    StoredTable(String table, String noun, List<String> columns, List<String> checksummed) {
        this.table = table;
        this.noun = noun;
        this.columns = columns;
        this.checksummed = checksummed;
    }

    /** Name of the table. */
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
        return checksummed;
    }

    /** The column of the payload. */
    String payload() {
        return columns.getLast();
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
    RowKeys verifiedRows(Database database, Connection connection, Optional<Runnable> onRow) throws SQLException {
        String valid = database.checksumCondition(connection, this).orElse("TRUE");
        return read(connection, valid, database.rowByRow(this), onRow);
    }

    /** Reads the keys of the rows in the order of the table, without their content. */
    RowKeys keys(Database database, Connection connection) throws SQLException {
        return read(connection, "TRUE", database.rowByRow(this), Optional.empty());
    }

    /** Reads the keys of the rows from the index. */
    RowKeys indexedKeys(Database database, Connection connection) throws SQLException {
        Database.Access access = database.throughIndex(this);
        return read(
                connection,
                "TRUE",
                new Database.Access(access.table() + " ORDER BY " + KEY, access.disabledPlans()),
                Optional.empty());
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

    private static RowKeys read(Connection connection, String valid, Database.Access access, Optional<Runnable> onRow)
            throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String plan : access.disabledPlans()) {
                statement.execute("SET enable_" + plan + " = off");
            }
            if (onRow.isPresent()) {
                statement.setFetchSize(ROWS_PER_FETCH);
            }
            try (ResultSet rows = statement.executeQuery("SELECT " + KEY + ", " + valid + " FROM " + access.table())) {
                return RowKeys.of(rows, onRow.orElse(() -> {}));
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
