package dev.reverie.actors.store;

import dev.reverie.gpu.dataset.FileErrorMessages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Function;

/** Opens stores: locks them, verifies their rows, and undoes what was begun if that fails. */
final class StoreOpening {

    /** The space on the disk that is left for the last writes, in bytes. */
    private static final long RESERVE = 16 << 20;

    private StoreOpening() {}

    /** Opens the store in a folder as {@link Store#inFolder(Path)} does, with another file system of H2. */
    static Store inFolder(Path folder, String fileSystem) {
        Path absolute = folder.toAbsolutePath().normalize();
        if (absolute.toString().contains(";")) {
            throw new StoreException("the store " + folder + " has a semicolon in its name: choose another folder");
        }
        boolean used = Files.exists(absolute.resolve(Store.LOCK_FILE));
        FolderLock lock = lockFolder(absolute);
        try {
            NewStore.requireNotInterrupted(folder);
            H2Recovery recovery = H2TruncationCheck.requireComplete(absolute.resolve(Store.FILE), folder.toString());
            Path file = absolute.resolve(Store.H2_NAME);
            Database database = Database.h2(folder.toString(), fileSystem + file);
            long reserve = Math.min(RESERVE, absolute.toFile().getTotalSpace() / 10);
            return open(
                    database,
                    Optional.of(lock),
                    () -> H2DryRun.verifyThenRecover(fileSystem, file.toString(), database, recovery),
                    connection ->
                            new SpaceMonitor(connection, database.name(), absolute.toFile()::getUsableSpace, reserve));
        } catch (RuntimeException | Error failure) {
            release(lock, !used);
            throw failure;
        }
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

    /** Opens the store in a database of a server. */
    static Store onServer(Database database) {
        return open(
                database,
                Optional.empty(),
                Optional::empty,
                connection -> SpaceMonitor.ofServer(connection, database.name()));
    }

    /** Verifies a store before it is opened, if that is possible without changing it. */
    private interface DryRun {
        Optional<IntegrityCheck> verify() throws SQLException;
    }

    private static Store open(
            Database database,
            Optional<FolderLock> lock,
            DryRun beforehand,
            Function<StoreConnection, SpaceMonitor> monitor) {
        try {
            Optional<IntegrityCheck> dryRun = beforehand.verify();
            StoreConnection connection = StoreConnection.open(database);
            try {
                StoreDamage damage =
                        connection.call(rows -> (dryRun.isPresent() ? dryRun.get() : IntegrityCheck.of(rows, database))
                                .report(rows, database.name()));
                return new Store(database, lock, connection, damage, monitor.apply(connection));
            } catch (SQLException | RuntimeException | Error failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw StoreException.unopened(database.name(), failure);
        }
    }

    /** Releases the lock of a folder, and deletes its file if wanted. */
    static void release(FolderLock lock, boolean delete) {
        try {
            if (delete) {
                lock.delete();
            } else {
                lock.close();
            }
        } catch (IOException ignored) {
            // The process releases the lock when it ends, and an empty file does no harm.
        }
    }
}
