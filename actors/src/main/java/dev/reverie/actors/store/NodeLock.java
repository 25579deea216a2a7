package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The right of a node of a cluster to use a store together with the other nodes. The node that opens a store that
 * nobody uses prepares its tables, and names the owner unless the last one was a cluster; all others adopt that name.
 * After a restart of the server, nodes that have lost their connections may still use the store, and keep the name.
 * Which node may write which rows is decided by the primary keys and the trigger of the journal. Thread safe.
 */
final class NodeLock implements ServerLock {

    /** Time to wait while another node opens the store; to add a column to a large table takes minutes. */
    private static final Duration OPENING = Duration.ofMinutes(10);

    /**
     * A node that is suspended in a transaction must not block the node that takes over its classes: the server ends
     * its transaction, and a statement that waits for a row fails soon enough to be repeated.
     */
    private static final String SETTINGS = """
            PERFORM set_config('idle_in_transaction_session_timeout', '3s', false);
            PERFORM set_config('lock_timeout', '10s', false);
            """;

    /** The name of a cluster begins with this, and that of a single process does not. */
    private static final String PREFIX = "cluster";

    /** In seconds. Until then, a class waits for a server that is gone, although another one may have replaced it. */
    private static final int WRITE_TIMEOUT = 20;

    private volatile String owner = "";

    @Override
    public void open(Connection connection, String store, Preparation preparation) throws SQLException {
        ServerLock.execute(connection, ServerLock.KEEP_ALIVE);
        AdvisoryLock.OPENING.acquire(connection, OPENING, preparing(store));
        if (AdvisoryLock.USERS.tryAcquire(connection)) {
            preparation.run();
            own(connection, store);
            share(connection, store);
            AdvisoryLock.USERS.release(connection);
        } else {
            share(connection, store);
            owner = lastOwner(connection, store).orElseThrow(() -> StoreException.temporary(usedAlone(store)));
        }
        AdvisoryLock.OPENING.release(connection);
        ServerLock.execute(connection, SETTINGS);
    }

    private void own(Connection connection, String store) throws SQLException {
        Optional<String> cluster = lastOwner(connection, store).filter(name -> name.startsWith(PREFIX));
        if (cluster.isPresent()) {
            owner = cluster.get();
        } else {
            String id = UUID.randomUUID().toString();
            owner = PREFIX + id.substring(PREFIX.length() + 1); // the column has no room for more than 36 characters
            ServerLock.own(connection, store, owner);
        }
    }

    @Override
    public void resume(Connection connection, String store) throws SQLException {
        ServerLock.execute(connection, ServerLock.KEEP_ALIVE);
        share(connection, store);
        ServerLock.requireOwned(connection, store, owner);
        ServerLock.execute(connection, SETTINGS);
    }

    private static void share(Connection connection, String store) throws SQLException {
        AdvisoryLock.USERS.share(connection, AdvisoryLock.PATIENCE, usedAlone(store));
    }

    private static Optional<String> lastOwner(Connection connection, String store) throws SQLException {
        Schema.requireFormat(connection, store);
        try (Statement statement = connection.createStatement();
                ResultSet name = statement.executeQuery("SELECT name FROM reverie_owner")) {
            return name.next() ? Optional.of(name.getString(1)) : Optional.empty();
        }
    }

    private static String usedAlone(String store) {
        return "the store " + store + " is in use by a process that is not a node of a cluster: stop that process, or"
                + " choose another database";
    }

    private static String preparing(String store) {
        return "the store " + store + " is being opened by another node, which has taken longer than "
                + OPENING.toMinutes() + " minutes: wait for it, or stop it";
    }

    @Override
    public String writerStatement() {
        return ServerLock.writerStatement(owner, SETTINGS);
    }

    @Override
    public int writeTimeout() {
        return WRITE_TIMEOUT;
    }
}
