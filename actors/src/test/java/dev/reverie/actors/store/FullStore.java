package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.api.Trigger;

/**
 * Makes the writes of one persistent actor fail, as if the disk were full or broken, by means of a trigger in the
 * database.
 */
public final class FullStore implements AutoCloseable {

    private static final String INDEX_CORRUPTED = "XX002";

    private final Connection connection;
    private final String dropping;

    private FullStore(Connection connection, String dropping) {
        this.connection = connection;
        this.dropping = dropping;
    }

    /** Lets the actor's writes to a store fail, until this object is closed, because the disk is full. */
    public static FullStore forWritesOf(String persistenceId, Store store) throws SQLException {
        return forWritesOf(persistenceId, store, Full.class, "53100");
    }

    /** Lets the actor's writes to a store fail, until this object is closed, because the disk is broken. */
    public static FullStore brokenForWritesOf(String persistenceId, Store store) throws SQLException {
        return forWritesOf(persistenceId, store, Broken.class, "58030");
    }

    /**
     * Lets the actor's writes to a store fail, until this object is closed, because the page of their key is damaged.
     */
    public static FullStore damagedForWritesOf(String persistenceId, Store store) throws SQLException {
        return forWritesOf(persistenceId, store, Damaged.class, INDEX_CORRUPTED);
    }

    private static FullStore forWritesOf(
            String persistenceId, Store store, Class<? extends Refusal> refusal, String postgresState)
            throws SQLException {
        String url = store.configuration().getString("pekko-persistence-jdbc.shared-databases.slick.db.url");
        String user = store.configuration().getString("pekko-persistence-jdbc.shared-databases.slick.db.user");
        String creating = "CREATE TRIGGER \"" + persistenceId + "\" BEFORE INSERT ON \"event_journal\" FOR EACH ROW ";
        String dropping = "DROP TRIGGER \"" + persistenceId + "\"";
        Connection connection = DriverManager.getConnection(url, user, "");
        if (!url.startsWith("jdbc:postgresql:")) {
            execute(connection, creating + "CALL '" + refusal.getName() + "'");
            return new FullStore(connection, dropping);
        }
        execute(
                connection,
                "CREATE OR REPLACE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
                        + " $$ BEGIN RAISE EXCEPTION 'disk error' USING ERRCODE = '" + postgresState + "'; END $$");
        execute(connection, creating + "WHEN (NEW.persistence_id = '" + persistenceId + "') EXECUTE FUNCTION refuse()");
        return new FullStore(connection, dropping + " ON event_journal");
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Refuses the rows because the disk is full. */
    public static final class Full extends Refusal {
        public Full() {
            super(new SQLException("No space left on device"));
        }
    }

    /** Refuses the rows because the disk is broken. */
    public static final class Broken extends Refusal {
        public Broken() {
            super(new SQLException("Input/output error"));
        }
    }

    /** Refuses the rows because a page of the index is damaged. */
    public static final class Damaged extends Refusal {
        public Damaged() {
            super(new SQLException("index contains unexpected zero page", INDEX_CORRUPTED));
        }
    }

    /** Refuses the rows of the actor after which the trigger is named. */
    private abstract static sealed class Refusal implements Trigger {

        private static final int PERSISTENCE_ID = 2;

        private final SQLException reason;
        private String refused = "";

        Refusal(SQLException reason) {
            this.reason = reason;
        }

        @Override
        public void init(Connection connection, String schema, String trigger, String table, boolean before, int type) {
            refused = trigger;
        }

        @Override
        public void fire(Connection connection, Object[] oldRow, Object[] newRow) throws SQLException {
            if (refused.equals(newRow[PERSISTENCE_ID])) {
                throw reason;
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
