package dev.reverie.actors.store;

import java.sql.SQLException;

/** Reads or replaces all rows of an open store at once: for backups, restores and compaction. Thread safe. */
public final class StoreMaintenance {

    private final Database database;
    private final StoreConnection connection;

    StoreMaintenance(Database database, StoreConnection connection) {
        this.database = database;
        this.connection = connection;
    }

    /**
     * Verifies all rows that are durable now, and opens a view of them. The store can be written to meanwhile.
     *
     * @throws StoreException if the store can't be read, or if rows are damaged
     */
    public StoreView view() {
        StoreView view = viewOfWholeRows();
        if (view.damage().reasons().isEmpty()) {
            return view;
        }
        view.close();
        throw new StoreException("the store " + database.name() + " has damaged rows of "
                + String.join(", ", view.damage().reasons().keySet())
                + ": restore it from a backup, or stop the service and export the rest with 'reverie store export"
                + " --skip-damaged'");
    }

    /**
     * Opens a view that leaves out the actors with damaged rows, see {@link StoreView#damage}.
     *
     * @throws StoreException if the store can't be read
     */
    public StoreView viewOfWholeRows() {
        call(_ -> true, "can't be read: check its disk or its database server");
        return StoreView.open(database);
    }

    /**
     * Begins to load rows into the store.
     *
     * @throws StoreException if the store is not empty or can't be written to
     */
    public StoreLoader load() {
        return StoreLoader.open(database);
    }

    /**
     * Writes the file of a store in a folder anew, without the space of deleted rows. Afterwards, the store can only be
     * closed.
     *
     * @throws StoreException if the file can't be written; it is then as it was
     */
    public void rewriteFile() {
        call(StoreRows::rewriteFile, "could not be compacted: free some disk space, and try again");
    }

    private void call(StoreConnection.Task<Boolean> task, String failed) {
        try {
            connection.call(task);
        } catch (SQLException failure) {
            throw new StoreException("the store " + database.name() + " " + failed, failure);
        }
    }
}
