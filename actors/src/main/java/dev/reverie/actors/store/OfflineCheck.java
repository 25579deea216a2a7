package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;

/**
 * Reads a whole store that no process uses, and changes nothing.
 *
 * @param name name of the store for messages to users
 * @param copiedActor persistence id of an actor whose rows are part of the report
 * @param progress is told how many rows have been read
 */
public record OfflineCheck(String name, String copiedActor, CheckProgress progress) {

    /**
     * Checks the store in a folder.
     *
     * @throws StoreException if a process uses the store, if the store has another format, or if it cannot be read, or
     *     if so much of it is damaged that it cannot be opened
     */
    public CheckReport inFolder(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        Optional<FolderLock> lock = lock(absolute.resolve(Store.LOCK_FILE));
        try {
            H2Recovery recovery = H2TruncationCheck.requireComplete(absolute.resolve(Store.FILE), name);
            return H2DryRun.readLeastDamaged(
                    absolute.resolve(Store.H2_NAME).toString(),
                    name,
                    recovery,
                    (connection, used) -> {
                        try (Statement statement = connection.createStatement()) {
                            // Otherwise, H2 reads all rows before the first one shows as progress.
                            statement.execute("SET LAZY_QUERY_EXECUTION 1");
                        }
                        if (H2DryRun.isNew(absolute.resolve(Store.FILE), connection)) {
                            throw new StoreException(
                                    "the store " + name + " is empty: name a store that has been used");
                        }
                        return report(connection, used.lostWrites());
                    },
                    CheckReport::damagedActors);
        } catch (SQLException failure) {
            throw StoreException.unopened(name, failure);
        } finally {
            lock.ifPresent(held -> StoreOpening.release(held, false));
        }
    }

    private Optional<FolderLock> lock(Path file) {
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            return Optional.of(FolderLock.shared(file).orElseThrow(() -> StoreException.inUse(name)));
        } catch (IOException failure) {
            throw StoreException.unopened(name, new SQLException(failure));
        }
    }

    /**
     * Checks the store in a database of a PostgreSQL server.
     *
     * @throws StoreException as for {@link #inFolder}
     */
    public CheckReport onPostgres(String url, String user, String password) {
        try (Connection connection =
                Database.postgres(url, user, password, ProcessLock.create()).connect()) {
            ProcessLock.acquire(connection, name);
            connection.setReadOnly(true);
            if (!Schema.hasStore(connection)) {
                throw new StoreException("the database " + name + " contains no store: name the database of a store");
            }
            connection.setAutoCommit(false); // otherwise, the driver fetches all rows at once
            CheckReport report = report(connection, 0);
            connection.rollback();
            return report;
        } catch (SQLException failure) {
            throw StoreException.unopened(name, failure);
        }
    }

    private CheckReport report(Connection connection, long lostWrites) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Schema.requireFormat(statement, name);
        }
        IntegrityCheck check = IntegrityCheck.of(connection, name, progress.counting(StoreRows.count(connection)));
        StoreDamage damage = check.damage();
        List<StoredRow> copies =
                damage.of(copiedActor).isEmpty() ? ActorRowQueries.rowsOf(connection, copiedActor) : List.of();
        return new CheckReport(
                check.rows(), damage, check.hasWholeRows(), lostWrites, Schema.hasChecksums(connection), copies);
    }
}
