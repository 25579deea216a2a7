package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;

/** Reads or replaces all rows of an open store at once: for backups, restores and compaction. Thread safe. */
public final class StoreMaintenance {

    /** Pages that are released in one transaction. */
    private static final int PAGES = 1024;

    private final Database database;
    private final StoreWriter writer;
    private final StoreDamage damage;

    StoreMaintenance(Database database, StoreWriter writer, StoreDamage damage) {
        this.database = database;
        this.writer = writer;
        this.damage = damage;
    }

    /**
     * Opens a snapshot of the rows that are durable now. The store can be written to meanwhile.
     *
     * @throws StoreException if actors whose rows were damaged when the store was opened still have rows, or if the
     *     store cannot be read
     */
    public StoreSnapshot snapshot() {
        StoreSnapshot snapshot = snapshotOfWholeRows();
        try {
            Map<String, String> remaining = new TreeMap<>(damage.reasons());
            remaining.keySet().retainAll(snapshot.actors());
            new StoreDamage(remaining, damage.actors()).requireNone(database.name());
            return snapshot;
        } catch (StoreException failure) {
            snapshot.close();
            throw failure;
        }
    }

    /** Opens a snapshot like {@link #snapshotOfWholeRows(CheckProgress)}. */
    public StoreSnapshot snapshotOfWholeRows() {
        return snapshotOfWholeRows((_, _) -> {});
    }

    /**
     * Opens a snapshot that leaves out the actors with damaged rows, see {@link StoreSnapshot#damage}.
     *
     * @param progress is told how many rows of the snapshot have been verified
     * @throws StoreException if the store cannot be read
     */
    public StoreSnapshot snapshotOfWholeRows(CheckProgress progress) {
        // A store that is closed fails here with a message that says so.
        call(_ -> true, "cannot be read: check its disk or its database server");
        return StoreSnapshot.open(database, progress);
    }

    /**
     * Begins to load rows into the store.
     *
     * @throws StoreException if the store is not empty or cannot be written to
     */
    public StoreLoader load() {
        return StoreLoader.open(database);
    }

    /**
     * Gives all free pages of a store in a folder back to the disk.
     *
     * @param progress is told how many of them have been given back
     * @throws StoreException if the file cannot be written
     */
    public void compact(CheckProgress progress) {
        call(
                connection -> {
                    long free = FreePages.of(connection).free();
                    for (long left = free;
                            left > 0;
                            left = FreePages.of(connection).free()) {
                        progress.read(free - left, free);
                        FreePages.release(connection, PAGES);
                    }
                    FreePages.emptyLog(connection);
                    return true;
                },
                "could not be compacted: free some disk space, and try again");
    }

    private void call(StoreWriter.Task<Boolean> task, String failed) {
        try {
            writer.call(task);
        } catch (SQLException failure) {
            throw StoreException.temporary("the store " + database.name() + " " + failed, failure);
        }
    }
}
