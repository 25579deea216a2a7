package dev.reverie.actors.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/**
 * Opens, verifies and repairs an H2 file in memory, without changing the file on the disk. H2 repairs a file while it
 * opens it, and writes a trace file if that fails. A store that is then refused would not be as it was.
 */
final class H2DryRun {

    /** A file that H2 was killed in before it created a table is smaller. */
    private static final long NEW_FILE_BYTES = 128 << 10;

    private H2DryRun() {}

    /**
     * Does everything that the opening of a store does to its file, so that what fails, fails before the file is
     * changed, and verifies all rows. Only then, applies the recovery to the file.
     *
     * @param fileSystem prefix of the file system of H2 that reads the file; may be empty
     * @param file path of the file without {@code .mv.db}, as in a JDBC URL
     * @param recovery what must be written into the file before it is opened
     * @return empty if the file does not exist, has no tables yet, or was written by a version without checksums
     * @throws SQLException if the file can't be read for another reason than damage, or can't be written to
     * @throws StoreException if the file is damaged and can't be opened
     */
    static Optional<IntegrityCheck> verifyThenRecover(
            String fileSystem, String file, Database database, H2Recovery recovery) throws SQLException {
        Path path = Path.of(file + ".mv.db");
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        Optional<IntegrityCheck> check = read(
                fileSystem + file,
                database.name(),
                recovery,
                connection -> isNew(path, connection) || !hasChecksums(connection)
                        ? Optional.empty()
                        : Optional.of(open(connection, database)));
        recovery.apply(fileSystem + path);
        return check;
    }

    private static IntegrityCheck open(Connection connection, Database database) throws SQLException {
        StoreConnection.prepareFile(connection, database);
        IntegrityCheck check = IntegrityCheck.of(connection, database.name());
        boolean rebuilt = !check.rebuildIndexes(connection).isEmpty();
        if (rebuilt
                && !IntegrityCheck.of(connection, database.name())
                        .damage()
                        .reasons()
                        .isEmpty()) {
            throw new SQLException("an index could not be built again from its rows");
        }
        return check;
    }

    /** Whether the process was killed before it created the first table. A large file must have tables. */
    static boolean isNew(Path file, Connection connection) throws SQLException {
        return file.toFile().length() < NEW_FILE_BYTES && !Schema.hasTables(connection);
    }

    /**
     * Runs a task on a connection to a file that exists. What the task writes stays in memory.
     *
     * @param recovery what is written into the file before it is opened, in memory too
     * @throws SQLException if the file can't be read for another reason than damage
     * @throws StoreException if the file is damaged and can't be opened
     */
    static <R> R read(String file, String name, H2Recovery recovery, StoreConnection.Task<R> task) throws SQLException {
        String url = "jdbc:h2:" + OverlayFileSystem.SCHEME + ":" + file
                + ";DATABASE_TO_UPPER=FALSE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
                + ";WRITE_DELAY=0;AUTO_COMPACT_FILL_RATE=0"; // else H2 moves data at any time, and fails if it is
        // damaged
        try (var _ = OverlayFileSystem.write(file + ".mv.db", recovery.writes());
                Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement()) {
            try {
                return task.run(connection);
            } finally {
                statement.execute("SHUTDOWN IMMEDIATELY");
            }
        } catch (SQLException failure) {
            if (AccessFailure.in(failure).isEmpty()) {
                throw StoreException.damaged(name, failure);
            }
            throw failure;
        } catch (AssertionError inconsistent) {
            throw StoreException.damaged(name, inconsistent);
        }
    }

    /** Whether the tables have checksums; fails if a table is missing. */
    private static boolean hasChecksums(Connection connection) throws SQLException {
        for (String table : new String[] {"event_journal", "snapshot", "reverie_store"}) {
            try (Statement statement = connection.createStatement()) {
                statement.executeQuery("SELECT 1 FROM \"" + table + "\" FETCH FIRST 1 ROW ONLY");
            }
        }
        return Schema.hasChecksums(connection);
    }
}
