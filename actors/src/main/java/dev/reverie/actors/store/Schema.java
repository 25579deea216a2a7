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

/** The tables of a store and the stamp that says which format they have. */
final class Schema {

    /** Of tables and names; what is in the rows has versions of its own. */
    static final int FORMAT = 1;

    private Schema() {}

    /**
     * Creates what is not there yet, all of it or nothing.
     *
     * @throws StoreException if the store has another format
     */
    static void prepare(Connection connection, Database database) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            for (String each : statements(database.schema())) {
                statement.execute(each);
            }
            stamp(statement, database);
            connection.commit();
        } finally {
            connection.rollback();
            connection.setAutoCommit(true);
        }
    }

    private static void stamp(Statement statement, Database database) throws SQLException {
        int format;
        try (ResultSet stamps = statement.executeQuery("SELECT max(format) FROM reverie_store")) {
            format = stamps.next() ? stamps.getInt(1) : 0;
        }
        if (format == 0) {
            statement.execute("INSERT INTO reverie_store (format) VALUES (" + FORMAT + ")");
        } else if (format != FORMAT) {
            throw new StoreException("the store " + database.name() + " has format " + format + ", this program knows "
                    + FORMAT + ": go on with the program that wrote it");
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
