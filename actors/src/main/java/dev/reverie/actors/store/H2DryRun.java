package dev.reverie.actors.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens, verifies and repairs an H2 file in memory, without changing the file on the disk. H2 repairs a file while it
 * opens it, and writes a trace file if that fails. A store that is then refused would not be as it was.
 */
final class H2DryRun {

    private static final Logger LOG = LoggerFactory.getLogger(H2DryRun.class);

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
        Verified verified = readWhole(
                fileSystem + file,
                database.name(),
                recovery,
                (connection, used) -> new Verified(
                        isNew(path, connection) || !hasChecksums(connection)
                                ? Optional.empty()
                                : Optional.of(open(connection, database)),
                        used),
                Verified::isWhole);
        verified.recovery().apply(fileSystem + path);
        return verified.check();
    }

    private record Verified(Optional<IntegrityCheck> check, H2Recovery recovery) {

        boolean isWhole() {
            return check.isEmpty() || check.get().damage().reasons().isEmpty();
        }
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

    /** Reads a file after a recovery. */
    interface Task<R> {
        R run(Connection connection, H2Recovery recovery) throws SQLException;
    }

    /**
     * Runs a task on a connection to a file that exists. What the task writes stays in memory. If the file has damage,
     * runs the task with the versions that were flushed before, and returns the result of the first one without damage,
     * or that of the newest version if there is none.
     *
     * @param recovery what is written into the file before it is opened, in memory too
     * @param isWhole whether no damage was found
     * @throws SQLException if the file can't be read for another reason than damage
     * @throws StoreException if the file is damaged and can't be opened
     */
    static <R> R readWhole(String file, String name, H2Recovery recovery, Task<R> task, Predicate<R> isWhole)
            throws SQLException {
        R result;
        try {
            result = read(file, name, recovery, task);
        } catch (StoreException | SQLException failure) {
            Optional<R> earlier = AccessFailure.mayBeDamage(failure)
                    ? readEarlier(file, name, recovery, task, isWhole)
                    : Optional.empty();
            if (earlier.isEmpty()) {
                throw failure;
            }
            return earlier.get();
        }
        if (isWhole.test(result)) {
            warn(name, recovery);
            return result;
        }
        Optional<R> earlier = readEarlier(file, name, recovery, task, isWhole);
        if (earlier.isEmpty()) {
            warn(name, recovery);
        }
        return earlier.orElse(result);
    }

    private static <R> Optional<R> readEarlier(
            String file, String name, H2Recovery recovery, Task<R> task, Predicate<R> isWhole) {
        Optional<H2Recovery> next = recovery.earlier().get();
        while (next.isPresent()) {
            try {
                R result = read(file, name, next.get(), task);
                if (isWhole.test(result)) {
                    warn(name, next.get());
                    return Optional.of(result);
                }
            } catch (StoreException | SQLException failure) {
                LOG.debug("A flushed version of the store {} can't be read", name, failure);
            }
            next = next.get().earlier().get();
        }
        return Optional.empty();
    }

    private static void warn(String name, H2Recovery recovery) {
        if (recovery.lostWrites() > 0) {
            LOG.warn(
                    "The file of the store {} is damaged and has lost its last {} writes, for example in a power cut."
                            + " It continues without them. Send the latest samples again to restore them.",
                    name,
                    recovery.lostWrites());
        }
    }

    private static <R> R read(String file, String name, H2Recovery recovery, Task<R> task) throws SQLException {
        String url = "jdbc:h2:" + OverlayFileSystem.SCHEME + ":" + file
                + ";DATABASE_TO_UPPER=FALSE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
                + ";WRITE_DELAY=0;AUTO_COMPACT_FILL_RATE=0"; // else H2 moves data at any time, and fails if it is
        // damaged
        try (var _ = OverlayFileSystem.write(file + ".mv.db", recovery.writes());
                Connection connection = DriverManager.getConnection(url, "sa", "");
                Statement statement = connection.createStatement()) {
            try {
                return task.run(connection, recovery);
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
