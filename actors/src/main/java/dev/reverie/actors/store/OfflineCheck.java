package dev.reverie.actors.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
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
     * What was found.
     *
     * @param rows rows that could be read
     * @param damage the actors whose rows are damaged, or that the index does not show as they are
     * @param hasWholeRows whether no row is damaged, so that damage is that of an index, which the next start builds
     *     again
     * @param lostWrites whether damage has taken the last writes away
     * @param hasChecksums whether the rows have checksums; those of the first versions of Reverie have none
     * @param copiedRows the rows of the actor that was asked for; empty if they are damaged
     */
    public record Report(
            long rows,
            StoreDamage damage,
            boolean hasWholeRows,
            boolean lostWrites,
            boolean hasChecksums,
            List<StoredRow> copiedRows) {

        public Report {
            copiedRows = List.copyOf(copiedRows);
        }

        /** Whether nothing is damaged or lost. */
        public boolean isWhole() {
            return damage.reasons().isEmpty() && !lostWrites;
        }
    }

    /**
     * Checks the store in a folder.
     *
     * @throws StoreException if a process uses the store, if the store has another format, or if it cannot be read, or
     *     if so much of it is damaged that it cannot be opened
     */
    public Report inFolder(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        Optional<FolderLock> lock = lock(absolute.resolve(Store.LOCK_FILE));
        SqliteDatabase database = new SqliteDatabase(name, absolute.resolve(Store.FILE), Flush.ALWAYS);
        WriteAheadLog log = WriteAheadLog.of(database.file());
        try {
            StoreOpening.requireNoH2(absolute);
            WriteAheadLog.End end = StoreOpening.readable(log, database);
            try (WriteAheadLog.Reader reader = log.reader(database, end)) {
                StoreOpening.requireStore(reader.connection(), database);
                return report(reader.connection(), database, end == WriteAheadLog.End.CUT);
            }
        } catch (IOException failure) {
            throw StoreException.unopened(name, new SQLException(failure));
        } catch (SQLException failure) {
            throw StoreException.unopened(name, failure);
        } finally {
            lock.ifPresent(FolderLock::close);
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
    public Report onPostgres(String url, String user, String password) {
        ServerLock lock = new ServerLock.OfProcess();
        Database database = new PostgresDatabase(url, user, password, lock);
        try (Connection connection = database.connectReader()) {
            lock.hold(connection, name);
            if (!database.hasStore(connection)) {
                throw new StoreException("the database " + name + " contains no store: name the database of a store");
            }
            connection.setAutoCommit(false); // otherwise, the driver fetches all rows at once
            Report report = report(connection, database, false);
            connection.rollback();
            return report;
        } catch (SQLException failure) {
            throw StoreException.unopened(name, failure);
        }
    }

    private Report report(Connection connection, Database database, boolean lostWrites) throws SQLException {
        Schema.requireFormat(connection, name);
        IntegrityCheck check = IntegrityCheck.of(connection, database, progress.counting(StoreRows.count(connection)));
        StoreDamage damage = check.damage();
        List<StoredRow> copies = damage.of(copiedActor).isEmpty() ? StoreRows.all(connection, copiedActor) : List.of();
        return new Report(
                check.rows(),
                damage,
                check.hasWholeRows(),
                lostWrites,
                Schema.hasChecksums(connection, database),
                copies);
    }
}
