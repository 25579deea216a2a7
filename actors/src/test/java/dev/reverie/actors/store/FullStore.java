package dev.reverie.actors.store;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Makes the writes of one persistent actor fail, as if the disk were full or broken, by means of a trigger in the
 * database.
 */
public final class FullStore implements AutoCloseable {

    private final Connection connection;
    private final List<String> dropping;

    private FullStore(Connection connection, List<String> dropping) {
        this.connection = connection;
        this.dropping = dropping;
    }

    /** Lets the actor's writes to a store fail, until this object is closed, because the disk is full. */
    public static FullStore forWritesOf(String persistenceId, Store store) throws SQLException {
        return forWritesOf(persistenceId, store, "SELECT RAISE(ABORT, 'No space left on device')", "53100");
    }

    /** Lets the actor's writes to a store fail, until this object is closed, because the disk is broken. */
    public static FullStore brokenForWritesOf(String persistenceId, Store store) throws SQLException {
        return forWritesOf(persistenceId, store, "SELECT RAISE(ABORT, 'Input/output error')", "58030");
    }

    /** Lets the actor's writes to a store fail, until this object is closed, because the database refuses the row. */
    public static FullStore refusingWritesOf(String persistenceId, Store store) throws SQLException {
        return forWritesOf(persistenceId, store, "INSERT INTO refused VALUES (NULL)", "XX002");
    }

    private static FullStore forWritesOf(String persistenceId, Store store, String failing, String postgresState)
            throws SQLException {
        String creating = "TRIGGER \"" + persistenceId + "\" BEFORE INSERT ON event_journal FOR EACH ROW WHEN"
                + " (NEW.persistence_id = '" + persistenceId + "') ";
        String dropping = "DROP TRIGGER \"" + persistenceId + "\"";
        if (store.name().startsWith("jdbc:")) {
            Connection connection = DriverManager.getConnection(store.name(), PostgresServer.USER, "");
            execute(
                    connection,
                    List.of(
                            "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                                    + " $$ BEGIN RAISE EXCEPTION 'disk error' USING ERRCODE = '" + postgresState
                                    + "'; END $$",
                            "CREATE " + creating + "EXECUTE FUNCTION refuse()"));
            return new FullStore(connection, List.of(dropping + " ON event_journal"));
        }
        Connection connection = StoreFile.in(Path.of(store.name())).connect();
        execute(
                connection,
                List.of(
                        "CREATE TABLE refused (never TEXT NOT NULL)",
                        "CREATE " + creating + "BEGIN " + failing + "; END"));
        return new FullStore(connection, List.of(dropping, "DROP TABLE refused"));
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        try (connection) {
            execute(connection, dropping);
        }
    }
}
