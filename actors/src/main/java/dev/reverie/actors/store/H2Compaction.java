package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;

/**
 * Keeps the file of a store in H2 proportional to what is in it. A chunk of the file is used again only when nothing in
 * it is alive, and the thread that would move the last of it elsewhere does not run where every commit is flushed. SQL
 * has no statement for it that leaves the database open, so this one class knows what lies behind H2's connections.
 */
final class H2Compaction {

    /** Percent of the file's chunks that are to be alive. */
    private static final int FILL_RATE = 60;

    /** What one compaction moves at most, so that it takes tens of milliseconds, bytes. */
    private static final int AT_MOST = 16 << 20;

    private H2Compaction() {}

    /**
     * Moves what is alive out of the emptiest chunks. Does nothing if the file is full enough, or the disk: H2 closes a
     * database that it could not write to, and this can wait.
     */
    static void of(Connection connection) throws SQLException, IOException {
        if (connection.unwrap(JdbcConnection.class).getSession() instanceof SessionLocal session) {
            MVStore store = session.getDatabase().getStore().getMvStore();
            Path file = Path.of(store.getFileStore().getFileName());
            if (Files.getFileStore(file).getUsableSpace() > 4L * AT_MOST) {
                store.compact(FILL_RATE, AT_MOST);
            }
        }
    }
}
