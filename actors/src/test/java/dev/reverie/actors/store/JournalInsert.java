package dev.reverie.actors.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.apache.pekko.util.ByteString;
import org.postgresql.PGConnection;

/** Writes events into the journal of a store, past Pekko Persistence. */
public final class JournalInsert {

    private JournalInsert() {}

    /** Writes event {@code number} of the actor {@code owner}. */
    public static void event(Connection connection, String owner, int number, byte[] payload) throws SQLException {
        StoredRow.Event row =
                new StoredRow.Event(owner, number, false, "", 0, "", 0, "", ByteString.fromArrayUnsafe(payload));
        Database database = connection.isWrapperFor(PGConnection.class)
                ? new PostgresDatabase("", "", "", new ServerLock.OfProcess())
                : new SqliteDatabase("", Path.of(""), Flush.ALWAYS);
        RowInserter rows = new RowInserter(database, connection);
        rows.add(row);
        rows.send();
    }
}
