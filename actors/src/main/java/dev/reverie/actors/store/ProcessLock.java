package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The right of one process to use a store alone.
 *
 * @param owner name of the process, which no other process has
 */
record ProcessLock(String owner) implements ServerLock {

    /** Creates the lock of a process that opens a store. */
    static ProcessLock create() {
        return new ProcessLock(UUID.randomUUID().toString());
    }

    @Override
    public void open(Connection connection, String store, Preparation preparation) throws SQLException {
        acquire(connection, store);
        preparation.run();
        ServerLock.own(connection, store, owner);
    }

    @Override
    public void resume(Connection connection, String store) throws SQLException {
        acquire(connection, store);
        ServerLock.requireOwned(connection, store, owner);
    }

    /**
     * Keeps other processes out until the connection is closed.
     *
     * @throws StoreException if another process uses the store
     */
    static void acquire(Connection connection, String store) throws SQLException {
        ServerLock.execute(connection, ServerLock.KEEP_ALIVE);
        boolean shared = AdvisoryLock.USERS.sharers(connection) > 0;
        AdvisoryLock.USERS.acquire(
                connection, AdvisoryLock.PATIENCE, shared ? usedByNodes(store) : ServerLock.inUse(store));
    }

    private static String usedByNodes(String store) {
        return "the store " + store
                + " is in use by the nodes of a cluster: stop all of them, or choose another database";
    }

    @Override
    public int writeTimeout() {
        return PostgresDatabase.SOCKET_TIMEOUT;
    }

    @Override
    public String writerStatement() {
        return ServerLock.writerStatement(owner, "");
    }
}
