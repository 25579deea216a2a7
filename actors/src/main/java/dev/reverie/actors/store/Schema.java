package dev.reverie.actors.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
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
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String each : statements(database.schema())) {
                statement.execute(each);
            }
            checkFormat(statement, database);
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static void checkFormat(Statement statement, Database database) throws SQLException {
        int format;
        try (ResultSet stored = statement.executeQuery("SELECT max(format) FROM reverie_store")) {
            format = stored.next() ? stored.getInt(1) : 0;
        }
        if (format == 0) {
            statement.execute("INSERT INTO reverie_store (format) VALUES (" + FORMAT + ")");
        } else if (format != FORMAT) {
            throw new StoreException("the store " + database.name() + " has format " + format
                    + ", but this program reads only format " + FORMAT + ": use the version of Reverie that wrote it");
        }
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
