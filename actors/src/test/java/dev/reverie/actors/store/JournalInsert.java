package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** Writes events into the journal of a store, past Pekko Persistence. */
public final class JournalInsert {

    private JournalInsert() {}

    /** Writes event {@code number} of the actor {@code owner}. */
    public static void event(Connection connection, String owner, int number, byte[] payload) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO \"event_journal\""
                + " (\"persistence_id\", \"sequence_number\", \"writer\", \"write_timestamp\","
                + " \"adapter_manifest\", \"event_payload\", \"event_ser_id\", \"event_ser_manifest\")"
                + " VALUES (?, ?, '', 0, '', ?, 0, '')")) {
            insert.setString(1, owner);
            insert.setInt(2, number);
            insert.setBytes(3, payload);
            insert.executeUpdate();
        }
    }
}
