package dev.reverie.actors.store;

import java.sql.SQLException;
import java.util.Map;
import java.util.Optional;
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
     * Opens a view of the rows that are durable now. The store can be written to meanwhile.
     *
     * @throws StoreException if actors whose rows were damaged when the store was opened still have rows, or if the
     *     store cannot be read
     */
    public StoreView view() {
        StoreView view = viewOfWholeRows();
        try {
            Map<String, String> remaining = new TreeMap<>(damage.reasons());
            remaining.keySet().retainAll(view.actors());
            new StoreDamage(remaining, damage.actors()).requireNone(database.name());
            return view;
        } catch (StoreException failure) {
            view.close();
            throw failure;
        }
    }

    /**
     * Opens a view that leaves out the actors with damaged rows, see {@link StoreView#damage}.
     *
     * @throws StoreException if the store cannot be read
     */
    public StoreView viewOfWholeRows() {
        return viewOfWholeRows(Optional.empty());
    }

    /**
     * Opens a view like {@link #viewOfWholeRows()}.
     *
     * @param progress is told how many rows the view has verified
     * @throws StoreException if the store cannot be read
     */
    public StoreView viewOfWholeRows(CheckProgress progress) {
        return viewOfWholeRows(Optional.of(progress));
    }

    private StoreView viewOfWholeRows(Optional<CheckProgress> progress) {
        // A store that is closed, or whose server does not respond, fails here with a message that says so.
        call(_ -> true, "cannot be read: check its disk or its database server");
        return StoreView.open(database, progress);
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
