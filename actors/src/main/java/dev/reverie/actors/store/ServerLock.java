package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * The right to use a store in a PostgreSQL database: of one process alone, or of the nodes of a cluster together.
 *
 * <p>One connection of each process holds an advisory lock, exclusively or shared with other nodes, so that the one
 * kind keeps out the other. That lock ends with its connection, for example when the server restarts, while other
 * connections may go on writing. The table {@code reverie_owner} therefore names the process that opened the store
 * last; all nodes of a cluster have one name, until a single process has used the store. Each other connection that
 * writes acquires a second lock, shared with all other writers, and then checks the name. A process writes a new name
 * while it holds the second lock exclusively, hence once all writers of an earlier owner are closed. So an earlier
 * owner never writes after a later one has opened the store. Thread safe.
 */
abstract sealed class ServerLock {

    /**
     * Statements of PL/pgSQL that let the server end a connection, and release its locks, about eleven seconds after
     * the host of the process has lost its power or its network. By default, that takes hours.
     */
    private static final String KEEP_ALIVE = """
            PERFORM set_config('tcp_keepalives_idle', '5', false);
            PERFORM set_config('tcp_keepalives_interval', '2', false);
            PERFORM set_config('tcp_keepalives_count', '3', false);
            PERFORM set_config('tcp_user_timeout', '11s', false);
            """;

    private final String settings;
    private final int writeTimeout;

    /** The last name that this process has read or written; empty before it has opened the store. */
    private volatile String owner = "";

    /**
     * Creates a lock that is not yet acquired.
     *
     * @param settings statements of PL/pgSQL for each connection that writes
     * @param writeTimeout time after which a write fails if the server does not respond, in seconds
     */
    private ServerLock(String settings, int writeTimeout) {
        this.settings = settings;
        this.writeTimeout = writeTimeout;
    }

    /**
     * Acquires the lock until the connection is closed, creates missing tables if no other process uses the store, and
     * makes this process the owner of the store or one of them.
     *
     * @throws StoreException if a process of the other kind, or of any kind, uses the store, or if writers of an
     *     earlier owner remain
     */
    final void open(Connection connection, Database database) throws SQLException {
        execute(connection, KEEP_ALIVE);
        owner = own(connection, database);
        execute(connection, settings);
    }

    /**
     * Acquires the lock again on another connection.
     *
     * @throws StoreException if a process has the lock that cannot share it, or if the store has had another owner
     *     since {@link #open}, because this process does not know what that one has written
     */
    final void resume(Connection connection, String store) throws SQLException {
        hold(connection, store);
        requireOwned(connection, store);
        execute(connection, settings);
    }

    /**
     * Keeps other processes out until the connection is closed, without owning the store.
     *
     * @throws StoreException if a process uses the store that cannot share it
     */
    final void hold(Connection connection, String store) throws SQLException {
        execute(connection, KEEP_ALIVE);
        acquire(connection, store);
    }

    /**
     * Acquires the lock of the users of the store.
     *
     * @param store name of the store for messages to users
     */
    abstract void acquire(Connection connection, String store) throws SQLException;

    /** Acquires the lock, prepares the tables if necessary, and returns the name of the owner. */
    abstract String own(Connection connection, Database database) throws SQLException;

    final int writeTimeout() {
        return writeTimeout;
    }

    /** The statement with which each connection that writes begins. It fails if this process is no owner. */
    final String writerStatement() {
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

    private static void execute(Connection connection, String statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DO $$ BEGIN\n" + statements + "END $$");
        }
    }

    /** Names an owner in place of the last one, and returns the name. */
    private static String name(Connection connection, String store, String owner) throws SQLException {
        AdvisoryLock.WRITERS.acquire(connection, AdvisoryLock.PATIENCE, inUse(store));
        Transaction.run(connection, () -> {
            try (Statement statement = connection.createStatement();
                    PreparedStatement insert = connection.prepareStatement("INSERT INTO reverie_owner VALUES (?)")) {
                statement.execute("DELETE FROM reverie_owner");
                insert.setString(1, owner);
                insert.executeUpdate();
            }
        });
        AdvisoryLock.WRITERS.release(connection);
        return owner;
    }

    private void requireOwned(Connection connection, String store) throws SQLException {
        if (!lastOwner(connection).equals(Optional.of(owner))) {
            throw new StoreException("the store " + store + " was used by another process meanwhile: stop that"
                    + " process, and then restart this one");
        }
    }

    private static Optional<String> lastOwner(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet name = statement.executeQuery("SELECT name FROM reverie_owner")) {
            return name.next() ? Optional.of(name.getString(1)) : Optional.empty();
        }
    }

    private static String inUse(String store) {
        return "the store " + store + " is in use by another process: stop that process, or choose another database";
    }

    /** The right of one process to use a store alone. */
    static final class OfProcess extends ServerLock {

        OfProcess() {
            super("", PostgresDatabase.SOCKET_TIMEOUT);
        }

        @Override
        String own(Connection connection, Database database) throws SQLException {
            acquire(connection, database.name());
            Schema.prepare(connection, database);
            return name(connection, database.name(), UUID.randomUUID().toString());
        }

        @Override
        void acquire(Connection connection, String store) throws SQLException {
            String refusal = AdvisoryLock.USERS.sharers(connection) > 0
                    ? "the store " + store
                            + " is in use by the nodes of a cluster: stop all of them, or choose another database"
                    : inUse(store);
            AdvisoryLock.USERS.acquire(connection, AdvisoryLock.PATIENCE, refusal);
        }
    }

    /**
     * The right of a node of a cluster to use a store together with the other nodes. The node that opens a store that
     * nobody uses prepares its tables, and names the owner unless the last one was a cluster; all others adopt that
     * name. After a restart of the server, nodes that have lost their connections may still use the store, and keep the
     * name. Which node may write which rows is decided by the primary keys and the trigger of the journal.
     */
    static final class OfNode extends ServerLock {

        /** Time to wait while another node opens the store; to add a column to a large table takes minutes. */
        private static final Duration OPENING = Duration.ofMinutes(10);

        /**
         * A node that is suspended in a transaction must not block the node that takes over its classes: the server
         * ends its transaction, and a statement that waits for a row fails soon enough to be repeated.
         */
        private static final String SETTINGS = """
                PERFORM set_config('idle_in_transaction_session_timeout', '3s', false);
                PERFORM set_config('lock_timeout', '10s', false);
                """;

        /** The name of a cluster begins with this, and that of a single process does not. */
        private static final String PREFIX = "cluster";

        /** Until then, a class waits for a server that is gone, although another one may have replaced it. */
        private static final int WRITE_TIMEOUT = 20;

        OfNode() {
            super(SETTINGS, WRITE_TIMEOUT);
        }

        @Override
        String own(Connection connection, Database database) throws SQLException {
            String store = database.name();
            AdvisoryLock.OPENING.acquire(connection, OPENING, preparing(store));
            String owner;
            if (AdvisoryLock.USERS.tryAcquire(connection)) {
                Schema.prepare(connection, database);
                owner = nameCluster(connection, store);
                acquire(connection, store);
                AdvisoryLock.USERS.release(connection);
            } else {
                acquire(connection, store);
                Schema.requireFormat(connection, store);
                // A process that has just stopped does not pass its name on: it may only have lost its connection.
                owner = lastCluster(connection).orElseThrow(() -> StoreException.temporary(usedAlone(store)));
            }
            AdvisoryLock.OPENING.release(connection);
            return owner;
        }

        private static Optional<String> lastCluster(Connection connection) throws SQLException {
            return lastOwner(connection).filter(name -> name.startsWith(PREFIX));
        }

        private static String nameCluster(Connection connection, String store) throws SQLException {
            Optional<String> cluster = lastCluster(connection);
            if (cluster.isPresent()) {
                return cluster.get();
            }
            String id = UUID.randomUUID().toString();
            // The column has no room for more than 36 characters.
            return name(connection, store, PREFIX + id.substring(PREFIX.length() + 1));
        }

        @Override
        void acquire(Connection connection, String store) throws SQLException {
            AdvisoryLock.USERS.share(connection, AdvisoryLock.PATIENCE, usedAlone(store));
        }

        private static String usedAlone(String store) {
            return "the store " + store + " is in use by a process that is not a node of a cluster: stop that process,"
                    + " or choose another database";
        }

        private static String preparing(String store) {
            return "the store " + store + " is being opened by another node, which has taken longer than "
                    + OPENING.toMinutes() + " minutes: wait for it, or stop it";
        }
    }
}
