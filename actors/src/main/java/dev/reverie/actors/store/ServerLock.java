package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * The right to use a store in a PostgreSQL database: of one process alone, or of the nodes of a cluster together.
 *
 * <p>One connection of each process holds an advisory lock, exclusively or shared with other nodes, so that the one
 * kind keeps out the other. That lock ends with its connection, for example when the server restarts, while other
 * connections may go on writing. The table {@code reverie_owner} therefore names the process that opened the store
 * last; all nodes of a cluster have one name, until a single process has used the store. Each other connection that
 * writes acquires a second lock, shared with all other writers, and then checks the name. A process writes a new name
 * while it holds the second lock exclusively, hence once all writers of an earlier owner are closed. So an earlier
 * owner never writes after a later one has opened the store.
 */
sealed interface ServerLock permits ProcessLock, NodeLock {

    /**
     * Statements of PL/pgSQL that let the server end a connection, and release its locks, about eleven seconds after
     * the host of the process has lost its power or its network. By default, that takes hours.
     */
    String KEEP_ALIVE = """
            PERFORM set_config('tcp_keepalives_idle', '5', false);
            PERFORM set_config('tcp_keepalives_interval', '2', false);
            PERFORM set_config('tcp_keepalives_count', '3', false);
            PERFORM set_config('tcp_user_timeout', '11s', false);
            """;

    /** Changes the tables of a store that no other process uses. */
    @FunctionalInterface
    interface Preparation {
        void run() throws SQLException;
    }

    /**
     * Acquires the lock until the connection is closed, and makes this process the owner of the store or one of them.
     *
     * @param store name of the store for messages to users
     * @param preparation creates the tables; runs if no other process uses the store, before it has an owner
     * @throws StoreException if a process of the other kind, or of any kind, uses the store, or if writers of an
     *     earlier owner remain
     */
    void open(Connection connection, String store, Preparation preparation) throws SQLException;

    /**
     * Acquires the lock again on another connection.
     *
     * @throws StoreException if a process has the lock that cannot share it, or if the store has had another owner
     *     since {@link #open}, because this process does not know what that one has written
     */
    void resume(Connection connection, String store) throws SQLException;

    /** The statement with which each connection that writes begins. It fails if this process is no owner. */
    String writerStatement();

    /** Time after which a write fails if the server does not respond, in seconds. */
    int writeTimeout();

    /** Executes statements of PL/pgSQL, such as {@link #KEEP_ALIVE}. */
    static void execute(Connection connection, String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN\n" + statements + "END $$");
        }
    }

    /** Names this owner in place of the last one. */
    static void own(Connection connection, String store, String owner) throws SQLException {
        AdvisoryLock.WRITERS.acquire(connection, AdvisoryLock.PATIENCE, inUse(store));
        Transaction.run(connection, () -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO reverie_owner VALUES (?)")) {
                statement.execute("DELETE FROM reverie_owner");
                insert.setString(1, owner);
                return insert.executeUpdate();
            }
        });
        AdvisoryLock.WRITERS.release(connection);
    }

    /**
     * Requires that an owner is still the last one.
     *
     * @throws StoreException if it is not
     */
    static void requireOwned(Connection connection, String store, String owner) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT 1 FROM reverie_owner WHERE name = ?")) {
            select.setString(1, owner);
            try (ResultSet own = select.executeQuery()) {
                if (!own.next()) {
                    throw new StoreException("the store " + store + " was used by another process meanwhile: stop that"
                            + " process, and then restart this one");
                }
            }
        }
    }

    /**
     * A statement that fails unless an owner may write.
     *
     * @param settings statements of PL/pgSQL to begin with
     */
    static String writerStatement(String owner, String settings) {
        // Two statements, because a statement does not see what was committed while it waited for a lock.
        return """
                DO $$ BEGIN
                    %s
                    %s
                    IF NOT pg_try_advisory_lock_shared(%d) THEN
                        RAISE EXCEPTION 'another process is opening the store: stop one of the two';
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM reverie_owner WHERE name = '%s') THEN
                        RAISE EXCEPTION 'the store was used by another process: stop it, and then restart this one';
                    END IF;
                END $$""".formatted(KEEP_ALIVE, settings, AdvisoryLock.WRITERS.key(), owner);
    }

    /** The refusal of a store that one process uses alone. */
    static String inUse(String store) {
        return "the store " + store + " is in use by another process: stop that process, or choose another database";
    }
}
