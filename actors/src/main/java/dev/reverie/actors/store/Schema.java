package dev.reverie.actors.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Objects;

/** Creates the tables of a store and checks their format number. */
final class Schema {

    /** Format number of the tables and columns. The data in the rows is versioned separately. */
    static final int FORMAT = 1;

    private Schema() {}

    /**
     * Creates the missing tables, all or none.
     *
     * @throws StoreException if the store has another format
     */
    static void prepare(Connection connection, Database database) throws SQLException {
        Transaction.run(connection, () -> {
            try (Statement statement = connection.createStatement()) {
                for (String each : statements(database.schema())) {
                    statement.execute(each);
                }
                if (format(connection) == 0) {
                    statement.execute("INSERT INTO reverie_store (format) VALUES (" + FORMAT + ")");
                }
                requireFormat(connection, database.name());
            }
        });
    }

    /**
     * Checks the format of the tables.
     *
     * @param store name of the store for messages to users
     * @throws StoreException if the store has another format
     */
    static void requireFormat(Connection connection, String store) throws SQLException {
        long format = format(connection);
        if (format != FORMAT) {
            throw new StoreException("the store " + store + " has format " + format
                    + ", but this program reads only format " + FORMAT + ": use the version of Reverie that wrote it");
        }
    }

    /** The format number of the tables; 0 if they are new. */
    private static long format(Connection connection) throws SQLException {
        return StoreRows.number(connection, "SELECT max(format) FROM reverie_store");
    }

    /** Whether the rows have checksums, as in all stores but those of the first versions. */
    static boolean hasChecksums(Connection connection, Database database) throws SQLException {
        for (StoredTable table : StoredTable.values()) {
            if (database.checksumCondition(connection, table).isEmpty()) {
                return false;
            }
        }
        return true;
    }

    private static String[] statements(String resource) {
        try (InputStream in = Schema.class.getResourceAsStream(resource)) {
            String script = new String(Objects.requireNonNull(in, resource).readAllBytes(), StandardCharsets.UTF_8);
            return script.strip().split(";\\s*(?:\\R|$)", 0);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
