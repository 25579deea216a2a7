package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** The database of a store: how to connect to it, and what its dialect of SQL does differently. Immutable. */
sealed interface Database permits SqliteDatabase, PostgresDatabase {

    /** Name of the store as shown in messages to users; contains no credentials. */
    String name();

    /** The lock of the store; empty for a database in a file, whose folder is locked. */
    Optional<ServerLock> lock();

    /** Whether the database is on a server rather than in a file. */
    default boolean onServer() {
        return lock().isPresent();
    }

    /**
     * Opens a connection that reads. All queries of a transaction see the same moment.
     *
     * @throws StoreException if the server is a standby
     */
    Connection connectReader() throws SQLException;

    /** Opens the connection of a {@link StoreWriter}. */
    Connection connectWriter() throws SQLException;

    /** Opens a connection that writes beside the {@link StoreWriter}; fails if another process uses the store. */
    Connection connectBeside() throws SQLException;

    /** Lets the query of another thread fail that runs on a connection. */
    void cancelQuery(Connection connection) throws SQLException;

    /** Resource with the statements that create the tables; each ends with a semicolon at the end of a line. */
    String schema();

    /** Whether the database has the tables of a store, of any version. */
    boolean hasStore(Connection connection) throws SQLException;

    /** A statement that writes to the disk and changes no row of an actor. */
    String touch();

    /**
     * The statement that inserts a row with the {@link StoredTable#columns}, in their order. A snapshot replaces the
     * one with the same key.
     */
    String insertion(StoredTable table);

    /**
     * A condition that compares the stored checksum of a row with its content; empty if the table has no checksums, as
     * those of the first versions.
     */
    Optional<String> checksumCondition(Connection connection, StoredTable table) throws SQLException;

    /** How to read a table row by row, without its index. */
    Access rowByRow(StoredTable table);

    /** How to read the keys of a table from its index. */
    Access throughIndex(StoredTable table);

    /**
     * Whether every entry of the index of a table points to a row. If so, an entry whose key no row has is damaged
     * itself. If not, a row is lost. False where this cannot be found out.
     */
    boolean indexHasOnlyRows(Connection connection, StoredTable table) throws SQLException;

    /**
     * A condition on an entry that is read {@link #throughIndex}: that a search for it finds the row with its key.
     * Damage inside a tree can hide rows from such a search, although the rows and the index are whole.
     */
    String leadsToRow(StoredTable table);

    /** Builds the index of a table again from its rows. */
    void rebuildIndex(Connection connection, StoredTable table) throws SQLException;

    /**
     * Deletes all rows of an actor although an index may not match them. Rows belong to the actor if their own key says
     * so, or if their key is damaged and the index says so.
     */
    void eraseDamaged(Connection connection, String persistenceId) throws SQLException;

    /**
     * How a query reads a table.
     *
     * @param table what follows FROM
     * @param disabledPlans kinds of plans that the server must not choose meanwhile
     */
    record Access(String table, List<String> disabledPlans) {}
}
