package dev.reverie.actors.backup;

import dev.reverie.actors.store.CheckProgress;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoredRow;
import java.io.IOException;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Restores a backup into an empty store. */
public final class StoreRestore {

    private StoreRestore() {}

    /**
     * Writes all rows of a backup into a store and reads them again, in one transaction. If this fails or the process
     * is killed, the store stays empty.
     *
     * @param bytesRead told how many bytes of the backup have been read, after each row
     * @param verified told how many rows of the store have been read again
     * @throws BackupException if the backup is damaged or incomplete, has another store format, or has classes that are
     *     refused by {@link BackupClasses#requireValid}
     * @throws StoreException if the store is not empty, cannot be written to or does not keep what is written
     */
    public static BackupSummary restore(
            BackupReader backup, Store store, LongConsumer bytesRead, CheckProgress verified) throws IOException {
        if (backup.header().storeFormat() != Store.FORMAT) {
            throw new BackupException("the backup is of a store with format "
                    + backup.header().storeFormat() + ", but this program writes only format " + Store.FORMAT
                    + ": use the version of Reverie that wrote it");
        }
        try (StoreLoader loader = store.load()) {
            loader.factor(backup.header().factor());
            BackupClasses classes = new BackupClasses();
            for (Optional<StoredRow> row = backup.next(); row.isPresent(); row = backup.next()) {
                loader.add(row.get());
                classes.add(row.get());
                bytesRead.accept(backup.bytesRead());
            }
            classes.requireValid(backup.header().factor());
            BackupSummary summary = backup.verify();
            loader.verify(
                    summary.events() + summary.snapshots(), summary.header().payloadBytes(), verified);
            loader.commit();
            return summary;
        }
    }
}
