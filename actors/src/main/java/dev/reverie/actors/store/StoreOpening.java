package dev.reverie.actors.store;

import dev.reverie.gpu.dataset.AtomicFile;
import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens stores: locks them, verifies their rows, and undoes what was begun if that fails. */
final class StoreOpening {

    private static final Logger LOG = LoggerFactory.getLogger(StoreOpening.class);

    private StoreOpening() {}

    /** Opens the store in a folder as {@link Store#inFolder(Path, Flush)} does. */
    static Store inFolder(Path folder, Flush flush) {
        Path absolute = folder.toAbsolutePath().normalize();
        requireNoH2(absolute);
        FolderLock lock = lockFolder(absolute);
        try {
            NewStore.requireNotInterrupted(folder);
            SqliteDatabase database = new SqliteDatabase(folder.toString(), absolute.resolve(Store.FILE), flush);
            IntegrityCheck check = verify(database);
            return open(database, Optional.of(lock), DiskSpace.of(database), () -> check);
        } catch (SQLException failure) {
            lock.close();
            throw StoreException.unopened(folder.toString(), failure);
        } catch (RuntimeException | Error failure) {
            lock.close();
            throw failure;
        }
    }

    /**
     * Requires that a folder has no store of the versions that used H2.
     *
     * @throws StoreException if it has one
     */
    static void requireNoH2(Path folder) {
        if (Files.exists(folder.resolve(Store.H2_FILE)) && !Files.exists(folder.resolve(Store.FILE))) {
            throw new StoreException("the store " + folder + " is a file of H2, which this version does not read: run"
                    + " 'reverie store export --store " + folder + " --to moving.backup' with the version that wrote"
                    + " it, and then 'reverie store import --from moving.backup --store NEW' with this one, where NEW"
                    + " is a new folder");
        }
    }

    /**
     * Verifies the rows of a file before anything in it is changed, and creates the file if there is none. A log that
     * must not be read is deleted afterwards.
     */
    private static IntegrityCheck verify(SqliteDatabase database) throws SQLException {
        WriteAheadLog log = WriteAheadLog.of(database.file());
        try {
            WriteAheadLog.End end = readable(log, database);
            if (!Files.exists(database.file())) {
                create(database);
            }
            IntegrityCheck check;
            try (WriteAheadLog.Reader reader = log.reader(database, end)) {
                requireStore(reader.connection(), database);
                Schema.requireFormat(reader.connection(), database.name());
                check = IntegrityCheck.of(reader.connection(), database, () -> {});
            }
            if (end == WriteAheadLog.End.CUT) {
                LOG.warn(
                        "The log of the store {} is damaged, and its last writes are lost. It continues without them. Send"
                                + " the latest samples again to restore them.",
                        database.name());
            } else if (end == WriteAheadLog.End.NEEDLESS) {
                log.delete();
            }
            return check;
        } catch (IOException failure) {
            throw new SQLException("a file of the store cannot be read or written", failure);
        }
    }

    /**
     * Requires that a file has the tables of a store, since it gets its name together with them.
     *
     * @throws StoreException if it has lost them
     */
    static void requireStore(Connection connection, Database database) throws SQLException {
        if (!database.hasStore(connection)) {
            throw StoreException.damaged(database.name(), new SQLException("the tables are missing"));
        }
    }

    /** Creates a file as a whole or not at all, so that an empty one is known to be damaged. */
    private static void create(SqliteDatabase database) throws SQLException, IOException {
        Path file = database.file().resolveSibling(Store.FILE + ".new");
        Files.deleteIfExists(file);
        WriteAheadLog.of(file).delete();
        try (StoreWriter writer = StoreWriter.open(new SqliteDatabase(database.name(), file, database.flush()))) {
            writer.call(Upkeep::requireEmptyLog);
        }
        AtomicFile.move(file, database.file());
    }

    /**
     * The end of a log that can be read or is not needed.
     *
     * @throws StoreException if the file without the end of its log is neither old nor new
     */
    static WriteAheadLog.End readable(WriteAheadLog log, SqliteDatabase database) throws IOException {
        WriteAheadLog.End end = log.end();
        if (end == WriteAheadLog.End.CUT_OR_MIXED && database.flush() == Flush.SECOND) {
            return WriteAheadLog.End.CUT; // as a power cut leaves it
        }
        if (end == WriteAheadLog.End.CUT_OR_MIXED || end == WriteAheadLog.End.MIXED) {
            throw StoreException.damaged(database.name(), new SQLException("the log " + log.log() + " is damaged"));
        }
        return end;
    }

    /**
     * Locks the folder of a store, and creates it if necessary.
     *
     * @throws StoreException if another process uses the store, or if the folder cannot be written to
     */
    static FolderLock lockFolder(Path folder) {
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new StoreException(
                    "the store " + folder + " cannot be opened, because it is not a folder: choose one");
        }
        try {
            FolderLock.createPrivate(folder);
            return FolderLock.by(folder.resolve(Store.LOCK_FILE))
                    .orElseThrow(() -> StoreException.inUse(folder.toString()));
        } catch (IOException failure) {
            throw StoreFailure.of(failure) == StoreFailure.FULL
                    ? StoreException.full(folder.toString(), failure)
                    : new StoreException(
                            "the store " + folder + " cannot be written to (" + FileErrorMessages.describe(failure)
                                    + "): check its permissions, or choose another folder",
                            failure);
        }
    }

    /** Opens the store in a database of a server, whose rows are read as they are at one moment. */
    static Store onServer(Database database) {
        try {
            return open(database, Optional.empty(), DiskSpace.ofServer(), () -> {
                try (Connection reader = database.connectReader()) {
                    reader.setAutoCommit(false);
                    return IntegrityCheck.of(reader, database, () -> {});
                }
            });
        } catch (SQLException failure) {
            throw StoreException.unopened(database.name(), failure);
        }
    }

    private static Store open(
            Database database, Optional<FolderLock> lock, DiskSpace space, Transaction.Query<IntegrityCheck> check)
            throws SQLException {
        StoreWriter writer = StoreWriter.open(database);
        try {
            IntegrityCheck checked = check.run();
            StoreDamage damage = writer.call(checked::report);
            return new Store(database, lock, writer, damage, new SpaceMonitor(writer, space));
        } catch (SQLException | RuntimeException | Error failure) {
            writer.close();
            throw failure;
        }
    }
}
