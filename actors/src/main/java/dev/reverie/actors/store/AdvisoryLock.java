package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

/** An advisory lock of a PostgreSQL database. A connection holds it until it releases it or is closed. */
enum AdvisoryLock {
    /** Held by each process that uses the store: exclusively, or shared by the nodes of a cluster. */
    USERS(0),
    /** Held shared by each connection that writes. */
    WRITERS(1),
    /** Held by a node of a cluster while it opens the store, so that nodes do so one after the other. */
    OPENING(2);

    /** Time to wait for a process that was killed, since the server needs a moment to notice that. */
    static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Key of the first lock: "Reverie" in ASCII. */
    private static final long FIRST_KEY = 0x52_65_76_65_72_69_65L;

    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final long number;

    AdvisoryLock(long number) {
        this.number = number;
    }

    long key() {
        return FIRST_KEY + number;
    }

    /**
     * Acquires the lock exclusively.
     *
     * @param patience time to wait for it
     * @throws StoreException with the refusal, if the lock is not free
     */
    void acquire(Connection connection, Duration patience, String refusal) throws SQLException {
        await(connection, "pg_advisory_lock", patience, refusal);
    }

    /** Like {@link #acquire}, but other connections can share the lock. */
    void share(Connection connection, Duration patience, String refusal) throws SQLException {
        await(connection, "pg_advisory_lock_shared", patience, refusal);
    }

    private void await(Connection connection, String function, Duration patience, String refusal) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '" + patience.toMillis() + "ms'");
            statement.execute("SELECT " + function + "(" + key() + ")");
            statement.execute("RESET lock_timeout");
        } catch (SQLException failure) {
            if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                throw failure;
            }
            throw StoreException.temporary(refusal, failure);
        }
    }

    /** Acquires the lock exclusively if that is possible at once, and returns whether it was. */
    boolean tryAcquire(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet acquired = statement.executeQuery("SELECT pg_try_advisory_lock(" + key() + ")")) {
            return acquired.next() && acquired.getBoolean(1);
        }
    }

    /** Releases what {@link #acquire} or {@link #tryAcquire} has acquired. */
    void release(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_advisory_unlock(" + key() + ")");
        }
    }

    /** Returns how many connections share the lock. */
    int sharers(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
                        + " AND mode = 'ShareLock' AND granted AND objsubid = 1 AND (classid::bigint << 32) + objid::bigint = "
                        + key()
                        + " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())")) {
            return count.next() ? count.getInt(1) : 0;
        }
    }
}
