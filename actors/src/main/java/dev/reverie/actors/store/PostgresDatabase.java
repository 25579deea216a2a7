package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/**
 * A database of a PostgreSQL server.
 *
 * @param name JDBC URL without credentials; what it says takes precedence over the settings of this class
 * @param access how this process uses the store
 */
record PostgresDatabase(String name, String user, String password, ServerLock access) implements Database {

    /** Time-out of a statement, in seconds: longer than any statement of a running service takes. */
    static final int SOCKET_TIMEOUT = 60;

    /**
     * Settings of the driver. Without them, a server that does not respond, or a broken network, would block a
     * connection for hours.
     */
    private static final Map<String, String> DEFAULTS = Map.of("connectTimeout", "10", "tcpKeepAlive", "true");

    @Override
    public Optional<ServerLock> lock() {
        return Optional.of(access);
    }

    /** Its transactions see one moment each, as those of SQLite do. */
    @Override
    public Connection connectReader() throws SQLException {
        Connection connection = connect(SOCKET_TIMEOUT);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setReadOnly(true);
        return connection;
    }

    @Override
    public Connection connectWriter() throws SQLException {
        return connect(access.writeTimeout());
    }

    @Override
    public Connection connectBeside() throws SQLException {
        Connection connection = connectWriter();
        try (Statement statement = connection.createStatement()) {
            statement.execute(access.writerStatement());
            return connection;
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    private Connection connect(int timeout) throws SQLException {
        Properties credentials = new Properties();
        credentials.setProperty("user", user);
        credentials.setProperty("password", password);
        Connection connection = DriverManager.getConnection(complete(name, timeout), credentials);
        try {
            requirePrimary(connection);
            return connection;
        } catch (SQLException | StoreException failure) {
            connection.close();
            throw failure;
        }
    }

    /**
     * Requires that a server is no standby: what it has may be old, all writes to it fail, and its locks keep nobody
     * out. A primary server that is read-only by a setting can be used. No connection outlives a change from one to the
     * other.
     *
     * @throws StoreException if the server is a standby
     */
    private void requirePrimary(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet standby = statement.executeQuery("SELECT pg_is_in_recovery()")) {
            if (standby.next() && standby.getBoolean(1)) {
                throw StoreException.temporary("the server of the store " + name
                        + " is a standby: connect to the primary server, or wait until this one has become it");
            }
        }
    }

    /** Adds the settings that a URL lacks. */
    static String complete(String url, int timeout) {
        Map<String, String> settings = new TreeMap<>(DEFAULTS);
        settings.put("socketTimeout", String.valueOf(timeout));
        StringBuilder complete = new StringBuilder(url);
        settings.forEach((key, value) -> {
            if (!url.contains(key + "=")) {
                complete.append(complete.indexOf("?") < 0 ? '?' : '&').append(key + "=" + value);
            }
        });
        return complete.toString();
    }

    @Override
    public void cancelQuery(Connection connection) throws SQLException {
        connection.unwrap(PGConnection.class).cancelQuery();
    }

    @Override
    public String schema() {
        return "postgres.sql";
    }

    @Override
    public boolean hasStore(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT 1 FROM INFORMATION_SCHEMA.TABLES"
                        + " WHERE TABLE_NAME = 'reverie_store' AND TABLE_SCHEMA = CURRENT_SCHEMA")) {
            return found.next();
        }
    }

    @Override
    public String touch() {
        return "UPDATE reverie_store SET format = format";
    }

    @Override
    public String insertion(StoredTable table) {
        String insertion = "INSERT INTO " + table.table() + " (" + String.join(", ", table.columns()) + ") VALUES ("
                + String.join(", ", Collections.nCopies(table.columns().size(), "?")) + ")";
        return switch (table) {
            case EVENTS -> insertion;
            case SNAPSHOTS ->
                insertion + " ON CONFLICT (" + StoredTable.KEY + ") DO UPDATE SET "
                        + table.columns().stream()
                                .map(column -> column + " = EXCLUDED." + column)
                                .collect(Collectors.joining(", "));
        };
    }

    /** The expression from which the server generates the checksum of a row. */
    @Override
    public Optional<String> checksumCondition(Connection connection, StoredTable table) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT GENERATION_EXPRESSION"
                + " FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_NAME = ? AND COLUMN_NAME = 'checksum'"
                + " AND TABLE_SCHEMA = CURRENT_SCHEMA")) {
            select.setString(1, table.table());
            try (ResultSet column = select.executeQuery()) {
                return column.next() ? Optional.of("(checksum = " + column.getString(1) + ")") : Optional.empty();
            }
        }
    }

    @Override
    public Access rowByRow(StoredTable table) {
        return new Access(table.table(), List.of("indexscan", "indexonlyscan", "bitmapscan"));
    }

    @Override
    public Access throughIndex(StoredTable table) {
        return new Access(table.table(), List.of("seqscan", "sort"));
    }

    @Override
    public boolean indexHasOnlyRows(Connection connection, StoredTable table) {
        return false;
    }

    @Override
    public String leadsToRow(StoredTable table) {
        return "TRUE"; // a row has a fixed place, which the index has
    }

    @Override
    public void rebuildIndex(Connection connection, StoredTable table) throws SQLException {
        int timeout = connection.getNetworkTimeout();
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, 0); // a large table takes long
            statement.execute("REINDEX TABLE " + table.table());
            connection.setNetworkTimeout(Runnable::run, timeout);
        }
    }

    @Override
    public void eraseDamaged(Connection connection, String persistenceId) throws SQLException {
        StoreRows.erase(connection, this, persistenceId);
    }

    /** Without the password. */
    @Override
    public String toString() {
        return name;
    }
}
