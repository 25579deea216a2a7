package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Writes rows on one connection, in batches. Not thread safe. */
final class RowInserter {

    /** Bytes of rows that are sent to the database at a time. */
    private static final long BATCH = 1 << 20;

    /** Approximate size of a row without its texts and its payload, in bytes. */
    private static final int ROW = 1 << 10;

    private final PreparedStatement events;
    private final PreparedStatement snapshots;
    private long pending;

    RowInserter(Database database, Connection connection) throws SQLException {
        this.events = connection.prepareStatement(database.insertion(StoredTable.EVENTS));
        this.snapshots = connection.prepareStatement(database.insertion(StoredTable.SNAPSHOTS));
    }

    /** Writes a row, at the latest with the next {@link #send}. A snapshot replaces the one with the same key. */
    void add(StoredRow row) throws SQLException {
        switch (row) {
            case StoredRow.Event event -> add(event);
            case StoredRow.Snapshot snapshot -> add(snapshot);
        }
        pending += ROW + texts(row) + row.payload().size();
        if (pending >= BATCH) {
            send();
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

    /** Sends what has been added to the database. */
    void send() throws SQLException {
        if (pending > 0) {
            events.executeBatch();
            snapshots.executeBatch();
            pending = 0;
        }
    }

    /** Forgets what has not been sent. */
    void clear() throws SQLException {
        events.clearBatch();
        snapshots.clearBatch();
        pending = 0;
    }
}
