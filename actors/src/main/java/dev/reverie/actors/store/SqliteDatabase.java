package dev.reverie.actors.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteConnection;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;
import org.sqlite.SQLiteJDBCLoader;

/**
 * An SQLite database in a file. A writer appends each transaction to the write-ahead log beside the file, and moves its
 * pages into the file now and then; readers see the moment at which they began.
 *
 * @param name name of the store as shown in messages to users
 * @param file the file of the database
 * @param flush when commits are flushed to the disk
 */
record SqliteDatabase(String name, Path file, Flush flush) implements Database {

    /** Mask of the kind of a failure in its result code, without details. */
    private static final int KIND = 0xff;

    /** Time to wait for another connection, in milliseconds; only a store that is opened has two that write. */
    private static final int BUSY_TIMEOUT = 10_000;

    /** The largest log that is kept for reuse, in bytes: a long transaction or reader lets it grow. */
    private static final int LARGEST_LOG = 16 << 20;

    Path folder() {
        return Objects.requireNonNull(file.toAbsolutePath().getParent());
    }

    /** The kind of a failure, one of the primary codes. SQLite has no SQLSTATE. */
    static int codeOf(SQLiteException failure) {
        return failure.getResultCode().code & KIND;
    }

    @Override
    public Optional<ServerLock> lock() {
        return Optional.empty();
    }

    @Override
    public Connection connectReader() throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return connect(config, "");
    }

    /**
     * Opens a connection that reads a file which nobody changes.
     *
     * @param parameter of the URI of the file
     */
    Connection connectUnshared(String parameter) throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return connect(config, "?" + parameter);
    }

    @Override
    public Connection connectWriter() throws SQLException {
        SQLiteConfig config = config();
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE); // one that writes later could fail at once
        config.setSynchronous(
                switch (flush) {
                    case ALWAYS -> SQLiteConfig.SynchronousMode.FULL;
                    case SECOND -> SQLiteConfig.SynchronousMode.NORMAL;
                });
        config.setJournalSizeLimit(LARGEST_LOG);
        Connection connection = connect(config, "");
        try (Statement statement = connection.createStatement()) {
            if (!hasStore(connection)) {
                statement.execute("PRAGMA auto_vacuum = INCREMENTAL"); // has an effect only before the first table
                statement.execute("PRAGMA journal_mode = WAL");
            }
            return connection;
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    @Override
    public Connection connectBeside() throws SQLException {
        return connectWriter();
    }

    private static SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_TIMEOUT);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        return config;
    }

    private Connection connect(SQLiteConfig config, String parameters) throws SQLException {
        loadLibrary();
        Connection connection = config.createConnection("jdbc:sqlite:" + file.toUri() + parameters);
        try {
            RowChecksum.define(connection);
            return connection;
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    private void loadLibrary() {
        try {
            SQLiteJDBCLoader.initialize();
        } catch (Exception failure) {
            String folder = System.getProperty("org.sqlite.tmpdir", System.getProperty("java.io.tmpdir"));
            throw new StoreException(
                    "the store " + name + " cannot be opened, because the library of SQLite cannot be loaded from the"
                            + " temporary folder " + folder + ": set for example"
                            + " REVERIE_JAVA_OPTS=-Djava.io.tmpdir=FOLDER to a folder that can be written to and whose"
                            + " files can be executed",
                    failure);
        }
    }

    @Override
    public void cancelQuery(Connection connection) throws SQLException {
        connection.unwrap(SQLiteConnection.class).getDatabase().interrupt();
    }

    @Override
    public String schema() {
        return "sqlite.sql";
    }

    @Override
    public boolean hasStore(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'reverie_store'")) {
            return found.next();
        }
    }

    /** Changes a value, because a page that stays the same is not written. */
    @Override
    public String touch() {
        return "UPDATE reverie_store SET touched = touched + 1";
    }

    @Override
    public String insertion(StoredTable table) {
        List<String> columns = table.columns();
        String checksummed = table.checksummed().stream()
                .map(column -> "?" + (columns.indexOf(column) + 1))
                .collect(Collectors.joining(", "));
        return (table == StoredTable.SNAPSHOTS ? "INSERT OR REPLACE INTO " : "INSERT INTO ") + table.table() + " ("
                + String.join(", ", columns) + ", checksum) VALUES ("
                + String.join(", ", Collections.nCopies(columns.size(), "?")) + ", " + RowChecksum.FUNCTION + "("
                + checksummed + "))";
    }

    @Override
    public Optional<String> checksumCondition(Connection connection, StoredTable table) {
        return Optional.of("(checksum = " + RowChecksum.FUNCTION + "(" + String.join(", ", table.checksummed()) + "))");
    }

    @Override
    public Access rowByRow(StoredTable table) {
        return new Access(table.table() + " NOT INDEXED", List.of());
    }

    @Override
    public Access throughIndex(StoredTable table) {
        return new Access(table.table() + " INDEXED BY " + index(table), List.of());
    }

    private static String index(StoredTable table) {
        return table.table() + "_key";
    }

    @Override
    public boolean indexHasOnlyRows(Connection connection, StoredTable table) throws SQLException {
        return rowIds(connection, rowByRow(table)).containsAll(rowIds(connection, throughIndex(table)));
    }

    @Override
    public String leadsToRow(StoredTable table) {
        String entry = table.table();
        return "EXISTS (SELECT 1 FROM " + entry + " AS found NOT INDEXED WHERE found.rowid = " + entry + ".rowid"
                + " AND found.persistence_id = " + entry + ".persistence_id"
                + " AND found.sequence_number = " + entry + ".sequence_number)";
    }

    private static Set<Long> rowIds(Connection connection, Access access) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT rowid FROM " + access.table())) {
            Set<Long> ids = new HashSet<>();
            while (rows.next()) {
                ids.add(rows.getLong(1));
            }
            return ids;
        }
    }

    @Override
    public void rebuildIndex(Connection connection, StoredTable table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("REINDEX " + index(table));
        } catch (SQLException failure) {
            if (!(failure instanceof SQLiteException sqlite) || codeOf(sqlite) != SQLiteErrorCode.SQLITE_CORRUPT.code) {
                throw failure;
            }
            replaceIndex(connection, table);
        }
    }

    /** Forgets an index whose pages cannot be freed, and writes the file anew, which leaves these pages out. */
    private static void replaceIndex(Connection connection, StoredTable table) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA writable_schema = ON");
            statement.executeUpdate("DELETE FROM sqlite_schema WHERE name = '" + index(table) + "'");
            statement.execute("PRAGMA writable_schema = RESET");
            createIndex(statement, table);
            statement.execute("VACUUM");
        }
    }

    private static void createIndex(Statement statement, StoredTable table) throws SQLException {
        statement.execute(
                "CREATE UNIQUE INDEX " + index(table) + " ON " + table.table() + " (" + StoredTable.KEY + ")");
    }

    @Override
    public void eraseDamaged(Connection connection, String persistenceId) throws SQLException {
        Transaction.run(connection, () -> {
            for (StoredTable table : StoredTable.values()) {
                eraseDamaged(connection, table, persistenceId);
            }
        });
    }

    private void eraseDamaged(Connection connection, StoredTable table, String persistenceId) throws SQLException {
        String valid = checksumCondition(connection, table).orElseThrow();
        try (Statement statement = connection.createStatement();
                PreparedStatement indexed = connection.prepareStatement(
                        "SELECT rowid FROM " + throughIndex(table).table() + " WHERE persistence_id = ?")) {
            indexed.setString(1, persistenceId);
            List<Long> owned = new ArrayList<>();
            try (ResultSet rows = indexed.executeQuery()) {
                while (rows.next()) {
                    owned.add(rows.getLong(1));
                }
            }
            statement.execute("DROP INDEX " + index(table)); // a deletion requires an index that matches
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM " + table.table() + " WHERE persistence_id = ?")) {
                delete.setString(1, persistenceId);
                delete.executeUpdate();
            }
            for (long row : owned) {
                statement.executeUpdate(
                        "DELETE FROM " + table.table() + " WHERE rowid = " + row + " AND " + valid + " IS NOT TRUE");
            }
            createIndex(statement, table);
        }
    }
}
