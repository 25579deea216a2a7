package dev.reverie.actors.store;

import java.io.File;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/**
 * Keeps the size of an H2 file proportional to its live data. H2 reuses a chunk of the file only when it has no live
 * data, and H2's background thread, which moves the last live data out of a chunk, does not run if every commit is
 * flushed. No SQL statement compacts an open database, so this class uses H2's internal storage engine.
 */
final class H2Compaction {

    /** Target share of live data in the file, in percent. */
    private static final int FILL_RATE = 60;

    /** Maximum number of bytes that one compaction moves, so that a compaction takes only tens of milliseconds. */
    private static final int MAX_BYTES = 16 << 20;

    private H2Compaction() {}

    /**
     * Moves live data out of the emptiest chunks. Does nothing if the file is dense enough or the disk is nearly full,
     * since H2 closes a database when a write fails, and compaction can wait.
     */
    static void compact(Connection connection) throws SQLException {
        if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
            MVStore store = session.getDatabase().getStore().getMvStore();
            File file = new File(store.getFileStore().getFileName());
            if (file.getUsableSpace() > 4L * MAX_BYTES) {
                store.compact(FILL_RATE, MAX_BYTES);
            }
        }
    }
}
