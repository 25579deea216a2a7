package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;

/**
 * The right of one process to use a store in a PostgreSQL database.
 *
 * <p>One connection of the process holds an advisory lock, so that a second process is refused. That lock ends with its
 * connection, for example when the server restarts, while other connections may go on writing or be opened again. The
 * table {@code reverie_owner} therefore names the process that opened the store last. Each connection that writes
 * acquires a second lock, shared with all other writers, and then checks the name. A process writes its name while it
 * holds the second lock exclusively, hence once all writers of an earlier owner are closed. So an earlier owner never
 * writes after a later one has opened the store.
 *
 * @param owner name of the process, which no other process has
 */
record ServerLock(String owner) {

    /** Key of the lock of the process: "Reverie" in ASCII. */
    private static final long PROCESS = 0x52_65_76_65_72_69_65L;

    /** Key of the lock of all writers. */
    private static final long WRITERS = PROCESS + 1;

    private static final Duration TIMEOUT = Duration.ofSeconds(3);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    /** Creates the lock of a process that opens a store. */
    static ServerLock create() {
        return new ServerLock(UUID.randomUUID().toString());
    }

    /**
     * Acquires the lock of the process, until the connection is closed.
     *
     * @param store name of the store for messages to users
     * @throws StoreException if another process has the lock
     */
    void acquire(Connection connection, String store) throws SQLException {
        lock(connection, PROCESS, store);
    }

    /**
     * Makes this process the owner of the store.
     *
     * @param connection has the lock of the process
     * @throws StoreException if writers of an earlier owner remain
     */
    void own(Connection connection, String store) throws SQLException {
        lock(connection, WRITERS, store);
        try (Statement statement = connection.createStatement();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO reverie_owner VALUES (?)")) {
            statement.execute("DELETE FROM reverie_owner");
            insert.setString(1, owner);
            insert.executeUpdate();
            statement.execute("SELECT pg_advisory_unlock(" + WRITERS + ")");
        }
    }

    /**
     * Requires that no other process has owned the store since {@link #own}, because this process does not know what
     * the other one has written.
     *
     * @param connection has the lock of the process
     */
    void requireOwned(Connection connection, String store) throws SQLException {
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

    /** The statement with which each connection that writes begins. It fails if this process is not the owner. */
    String writerStatement() {
        // Two statements, because a statement does not see what was committed while it waited for a lock.
        return """
                DO $$ BEGIN
                    IF NOT pg_try_advisory_lock_shared(%d) THEN
                        RAISE EXCEPTION 'another process is opening the store: stop one of the two';
                    END IF;
                    IF NOT EXISTS (SELECT 1 FROM reverie_owner WHERE name = '%s') THEN
                        RAISE EXCEPTION 'the store was used by another process: stop it, and then restart this one';
                    END IF;
                END $$""".formatted(WRITERS, owner);
    }

    /** Waits for a lock, since the server needs a moment to notice that an earlier process was killed. */
    private static void lock(Connection connection, long key, String store) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '" + TIMEOUT.toMillis() + "ms'");
            statement.execute("SELECT pg_advisory_lock(" + key + ")");
            statement.execute("SET lock_timeout = 0");
        } catch (SQLException failure) {
            if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                throw failure;
            }
            throw new StoreException(
                    "the store " + store + " is in use by another process: stop that process, or choose another"
                            + " database",
                    failure);
        }
    }
}
