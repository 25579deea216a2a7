package dev.reverie.actors.store;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
     * @throws SQLException if the file cannot be read for another reason than damage, or cannot be written to
     * @throws StoreException if the file is damaged and cannot be opened
     */
    static Optional<IntegrityCheck> verifyThenRecover(
            String fileSystem, String file, Database database, H2Recovery recovery) throws SQLException {
        Path path = Path.of(file + ".mv.db");
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        Verified verified = readLeastDamaged(
                fileSystem + file,
                database.name(),
                recovery,
                (connection, used) -> new Verified(
                        isNew(path, connection) || !hasChecksums(connection)
                                ? Optional.empty()
                                : Optional.of(open(connection, database)),
                        used),
                Verified::damagedActors);
        verified.recovery().apply(fileSystem + path);
        return verified.check();
    }

    private record Verified(Optional<IntegrityCheck> check, H2Recovery recovery) {

        Set<String> damagedActors() {
            return check.map(IntegrityCheck::damagedActors).orElse(Set.of());
        }
    }

    private static IntegrityCheck open(Connection connection, Database database) throws SQLException {
        Optional<SQLException> _ = StoreConnection.prepareFile(connection, database); // is logged at the opening
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
     * What a task returned for a version of a file.
     *
     * @param damaged the actors with damaged rows
     */
    private record Reading<R>(R result, H2Recovery recovery, Set<String> damaged) {

        boolean hasLessDamageThan(Reading<R> other) {
            return damaged.size() < other.damaged.size() && other.damaged.containsAll(damaged);
        }
    }

    /**
     * Runs a task on a connection to a file that exists. What the task writes stays in memory. If rows are damaged,
     * some of the writes after the last flush may be missing. In that case, runs the task with the versions that were
     * flushed before, too. An earlier version is used only if the newest one is so damaged that it cannot be opened, or
     * if some damaged actors are whole in the earlier version and no others are damaged. Damage that was there before
     * the flush therefore discards no later write, nor does damage of an index, which is built again from its rows.
     *
     * @param recovery what is written into the file before it is opened, in memory too
     * @param damaged returns the actors with damaged rows
     * @throws SQLException if the file cannot be read for another reason than damage
     * @throws StoreException if the file is damaged and cannot be opened, or has another format
     */
    static <R> R readLeastDamaged(
            String file, String name, H2Recovery recovery, Task<R> task, Function<R, Set<String>> damaged)
            throws SQLException {
        Task<Reading<R>> reading = (connection, used) -> {
            R result = task.run(connection, used);
            return new Reading<>(result, used, damaged.apply(result));
        };
        Reading<R> chosen;
        try {
            Reading<R> newest = read(file, name, recovery, reading);
            chosen = newest.damaged().isEmpty()
                    ? newest
                    : earlier(file, name, recovery, reading, Optional.of(newest))
                            .orElse(newest);
        } catch (StoreException | SQLException failure) {
            Optional<Reading<R>> earlier =
                    mayBeDamage(failure) ? earlier(file, name, recovery, reading, Optional.empty()) : Optional.empty();
            if (earlier.isEmpty()) {
                throw failure;
            }
            chosen = earlier.get();
        }
        chosen.recovery().warnOfLostWrites(name);
        return chosen.result();
    }

    private static boolean mayBeDamage(Exception failure) {
        return failure instanceof StoreException known ? known.isDamage() : AccessFailure.mayBeDamage(failure);
    }

    /** The earlier version with the least damage; empty if none has less damage than the newest one. */
    private static <R> Optional<Reading<R>> earlier(
            String file, String name, H2Recovery newest, Task<Reading<R>> task, Optional<Reading<R>> damaged) {
        Optional<Reading<R>> best = damaged;
        Optional<H2Recovery> next = newest.earlier().get();
        while (next.isPresent() && !best.map(found -> found.damaged().isEmpty()).orElse(false)) {
            try {
                Reading<R> earlier = read(file, name, next.get(), task);
                if (best.map(earlier::hasLessDamageThan).orElse(true)) {
                    best = Optional.of(earlier);
                }
            } catch (StoreException | SQLException failure) {
                LOG.debug("A flushed version of the store {} cannot be read", name, failure);
            }
            next = next.get().earlier().get();
        }
        return best;
    }

    private static <R> R read(String file, String name, H2Recovery recovery, Task<R> task) throws SQLException {
        String url = "jdbc:h2:" + OverlayFileSystem.SCHEME + ":" + file
                + ";DATABASE_TO_UPPER=FALSE;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
                // With another fill rate, H2 moves data at any time, and fails if it is damaged.
                + ";WRITE_DELAY=0;AUTO_COMPACT_FILL_RATE=0";
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

    /**
     * Whether the tables have checksums; fails if a table is missing. Reads no row, because an index may be damaged.
     */
    private static boolean hasChecksums(Connection connection) throws SQLException {
        for (String table : new String[] {"event_journal", "snapshot", "reverie_store"}) {
            try (Statement statement = connection.createStatement()) {
                statement.executeQuery("SELECT 1 FROM \"" + table + "\" WHERE FALSE");
            }
        }
        return Schema.hasChecksums(connection);
    }
}
