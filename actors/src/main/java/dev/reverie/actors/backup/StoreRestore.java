package dev.reverie.actors.backup;

import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoreView;
import dev.reverie.actors.store.StoredRow;
import java.io.IOException;
import java.util.Optional;

/** Restores a backup into an empty store. */
public final class StoreRestore {

    private StoreRestore() {}

    /**
     * Writes all rows of a backup into a store, or none, and reads them all again.
     *
     * @throws BackupException if the backup is damaged, incomplete or of a store in a format that the store does not
     *     have
     * @throws StoreException if the store is not empty or can't be written to
     */
    public static BackupSummary restore(BackupReader backup, Store store) throws IOException {
        if (backup.header().storeFormat() != Store.FORMAT) {
            throw new BackupException("the backup is of a store with format "
                    + backup.header().storeFormat() + ", but this program writes only format " + Store.FORMAT
                    + ": use the version of Reverie that wrote it");
        }
        try (StoreLoader loader = store.maintenance().load()) {
            loader.factor(backup.header().factor());
            for (Optional<StoredRow> row = backup.next(); row.isPresent(); row = backup.next()) {
                loader.add(row.get());
            }
            loader.commit();
        }
        BackupSummary summary = backup.verify();
        requireStored(summary, store);
        return summary;
    }

    private static void requireStored(BackupSummary summary, Store store) {
        try (StoreView view = store.maintenance().view()) {
            long rows = 0;
            long bytes = 0;
            for (Optional<StoredRow> row = view.next(); row.isPresent(); row = view.next()) {
                rows++;
                bytes += row.get().payload().size();
            }
            if (rows != summary.events() + summary.snapshots()
                    || bytes != summary.header().payloadBytes()) {
                throw new BackupException("the store " + store.name()
                        + " does not contain what was written to it: check its disk, and restore the backup again into"
                        + " another place");
            }
        }
    }
}
