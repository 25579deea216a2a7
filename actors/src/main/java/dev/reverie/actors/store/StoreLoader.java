package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalInt;

/** Writes rows into an empty store in one transaction: after {@link #commit} all are durable, before it none. */
public final class StoreLoader implements AutoCloseable {

    /** Bytes of rows that are sent to the database at a time. */
    private static final long BATCH = 1 << 20;

    /** Approximate size of a row without its texts and its payload, in bytes. */
    private static final int ROW = 1 << 10;

    private static final String EVENT = "INSERT INTO \"event_journal\" (\"persistence_id\", \"sequence_number\","
            + " \"deleted\", \"writer\", \"write_timestamp\", \"adapter_manifest\", \"event_ser_id\","
            + " \"event_ser_manifest\", \"event_payload\") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    private static final String SNAPSHOT = "INSERT INTO \"snapshot\" (\"persistence_id\", \"sequence_number\","
            + " \"created\", \"snapshot_ser_id\", \"snapshot_ser_manifest\", \"snapshot_payload\")"
            + " VALUES (?, ?, ?, ?, ?, ?)";

    private final String name;
    private final Connection connection;
    private final PreparedStatement events;
    private final PreparedStatement snapshots;
    private long pending;

    private StoreLoader(String name, Connection connection) throws SQLException {
        this.name = name;
        this.connection = connection;
        connection.setAutoCommit(false);
        this.events = connection.prepareStatement(EVENT);
        this.snapshots = connection.prepareStatement(SNAPSHOT);
    }

    /**
     * Begins to load a store.
     *
     * @throws StoreException if the store has rows already
     */
    static StoreLoader open(Database database) {
        try {
            Connection connection = database.connectWriter();
            try {
                requireEmpty(database.name(), connection);
                return new StoreLoader(database.name(), connection);
            } catch (SQLException | RuntimeException | Error failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw unwritable(database.name(), failure);
        }
    }

    private static void requireEmpty(String name, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT EXISTS (SELECT 1 FROM \"event_journal\")"
                        + " OR EXISTS (SELECT 1 FROM \"snapshot\")")) {
            rows.next();
            if (rows.getBoolean(1)) {
                throw new StoreException("the store " + name + " is not empty: name a new folder or an empty database");
            }
        }
    }

    /** Writes the multi-formation factor of all images. */
    public void factor(OptionalInt factor) {
        try (PreparedStatement update = connection.prepareStatement("UPDATE reverie_store SET factor = ?")) {
            if (factor.isPresent()) {
                update.setInt(1, factor.getAsInt());
                update.executeUpdate();
            }
        } catch (SQLException failure) {
            throw unwritable(name, failure);
        }
    }

    /**
     * Writes a row.
     *
     * @throws StoreException if the row cannot be written
     */
    public void add(StoredRow row) {
        try {
            switch (row) {
                case StoredRow.Event event -> add(event);
                case StoredRow.Snapshot snapshot -> add(snapshot);
            }
            pending += ROW + texts(row) + row.payload().size();
            if (pending >= BATCH) {
                send();
            }
        } catch (SQLException failure) {
            throw unwritable(name, failure);
        }
    }

    private static int texts(StoredRow row) {
        int ofEvent = row instanceof StoredRow.Event event
                ? event.writer().length() + event.adapterManifest().length()
                : 0;
        return row.persistenceId().length() + row.manifest().length() + ofEvent;
    }

    private void add(StoredRow.Event event) throws SQLException {
        events.setString(1, event.persistenceId());
        events.setLong(2, event.sequenceNumber());
        events.setBoolean(3, event.deleted());
        events.setString(4, event.writer());
        events.setLong(5, event.written());
        events.setString(6, event.adapterManifest());
        events.setInt(7, event.serializer());
        events.setString(8, event.manifest());
        events.setBytes(9, event.payload().toArrayUnsafe());
        events.addBatch();
    }

    private void add(StoredRow.Snapshot snapshot) throws SQLException {
        snapshots.setString(1, snapshot.persistenceId());
        snapshots.setLong(2, snapshot.sequenceNumber());
        snapshots.setLong(3, snapshot.created());
        snapshots.setInt(4, snapshot.serializer());
        snapshots.setString(5, snapshot.manifest());
        snapshots.setBytes(6, snapshot.payload().toArrayUnsafe());
        snapshots.addBatch();
    }

    private void send() throws SQLException {
        events.executeBatch();
        snapshots.executeBatch();
        pending = 0;
    }

    /**
     * Reads all rows again, before they are durable.
     *
     * @param rows number of rows that were written
     * @param payloadBytes total size of their payloads
     * @param progress is told how many rows have been read
     * @throws StoreException if the store has other rows, or if rows are damaged
     */
    public void verify(long rows, long payloadBytes, CheckProgress progress) {
        try {
            send();
            boolean whole = IntegrityCheck.of(connection, name, progress.counting(rows))
                    .damage()
                    .reasons()
                    .isEmpty();
            if (!whole || StoreRows.count(connection) != rows || StoreRows.size(connection) != payloadBytes) {
                throw new StoreException("the store " + name + " does not contain what was written to it: check its"
                        + " disk, and use another place");
            }
        } catch (SQLException failure) {
            throw unwritable(name, failure);
        }
    }

    /**
     * Makes all rows durable.
     *
     * @throws StoreException if they cannot be written; the store is then as it was
     */
    public void commit() {
        try {
            send();
            connection.commit();
        } catch (SQLException failure) {
            throw unwritable(name, failure);
        }
    }

    private static StoreException unwritable(String name, SQLException failure) {
        return switch (StoreFailure.of(failure)) {
            case FULL -> StoreException.full(name, failure);
            case DAMAGED, UNAVAILABLE, OBSOLETE, UNREACHABLE ->
                StoreException.temporary(
                        "the store " + name + " cannot be written to (" + failure.getMessage()
                                + "): check its disk or its database server",
                        failure);
        };
    }

    /** Discards what is not committed. */
    @Override
    public void close() {
        try (Connection last = connection) {
            last.rollback();
        } catch (SQLException alreadyClosed) {
            // The database discards the transaction.
        }
    }
}
