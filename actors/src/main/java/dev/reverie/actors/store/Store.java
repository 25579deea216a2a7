package dev.reverie.actors.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.pekko.Done;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The durable database of a service, locked for this process. Open the store before the actor system, which needs the
 * {@link #configuration} of the store, and close the store after the actor system has terminated. Thread safe.
 */
public final class Store implements Retention, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);

    private static final String H2_FILE = "reverie";
    private static final String LOCK_FILE = "lock";
    /** Key of the advisory lock in PostgreSQL: "Reverie" in ASCII. */
    private static final long ADVISORY_LOCK = 0x52_65_76_65_72_69_65L;

    private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(3);
    private static final String LOCK_NOT_AVAILABLE = "55P03";

    private final Database database;
    private final @Nullable FolderLock lock;
    private final ExecutorService housekeeping = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("store-housekeeping").daemon().factory());
    private Connection connection;
    private boolean closed;

    private Store(Database database, @Nullable FolderLock lock, Connection connection) {
        this.database = database;
        this.lock = lock;
        this.connection = connection;
    }

    /**
     * Opens the store in a folder, and creates both if necessary.
     *
     * @throws StoreException if another process uses the store, or if the store has another format or can't be read or
     *     written
     */
    public static Store inFolder(Path folder) {
        Path absolute = folder.toAbsolutePath().normalize();
        if (absolute.toString().contains(";")) {
            throw new StoreException("the store " + folder + " has a semicolon in its name: choose another folder");
        }
        FolderLock lock = lockFolder(absolute);
        try {
            H2TruncationCheck.requireComplete(absolute.resolve(H2_FILE + ".mv.db"), folder.toString());
            return open(Database.h2(folder.toString(), absolute.resolve(H2_FILE).toString()), lock);
        } catch (StoreException failure) {
            closeQuietly(lock);
            throw failure;
        }
    }

    private static FolderLock lockFolder(Path folder) {
        try {
            Files.createDirectories(folder);
            return FolderLock.by(folder.resolve(LOCK_FILE))
                    .orElseThrow(() -> new StoreException("the store " + folder
                            + " is in use by another process: stop that process, or choose another folder"));
        } catch (IOException failure) {
            throw new StoreException(
                    "the store " + folder + " can't be written to (" + failure
                            + "): check its permissions, or choose another folder",
                    failure);
        }
    }

    /**
     * Opens the store in a database of a PostgreSQL server.
     *
     * @param url JDBC URL without credentials, for example {@code jdbc:postgresql://host:5432/reverie}
     * @throws StoreException if another process uses the store, or if the store has another format or does not respond
     */
    public static Store onPostgres(String url, String user, String password) {
        return open(Database.postgres(url, user, password), null);
    }

    private static Store open(Database database, @Nullable FolderLock lock) {
        try {
            Connection connection = database.connect();
            try {
                if (lock == null) {
                    lockServer(connection, database);
                }
                Schema.prepare(connection, database);
                return new Store(database, lock, connection);
            } catch (SQLException | StoreException failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw switch (StoreFailure.of(failure)) {
                case DAMAGED -> StoreException.damaged(database.name(), failure);
                case FULL ->
                    new StoreException(
                            "the store " + database.name() + " has no space left: free some disk space", failure);
                case UNAVAILABLE ->
                    new StoreException(
                            "the store " + database.name() + " can't be opened: " + failure.getMessage()
                                    + "; check the permissions of its files, or that its database server runs",
                            failure);
            };
        }
    }

    /** Waits for the lock, since the server needs a moment to notice that an earlier process was killed. */
    private static void lockServer(Connection connection, Database database) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET lock_timeout = '" + LOCK_TIMEOUT.toMillis() + "ms'");
            statement.execute("SELECT pg_advisory_lock(" + ADVISORY_LOCK + ")");
            statement.execute("SET lock_timeout = 0");
        } catch (SQLException failure) {
            if (!LOCK_NOT_AVAILABLE.equals(failure.getSQLState())) {
                throw failure;
            }
            throw new StoreException(
                    "the store " + database.name()
                            + " is in use by another process: stop that process, or choose another database",
                    failure);
        }
    }

    /**
     * Requires that the images in the store were learned with this multi-formation factor, because images with another
     * factor can't be read. The first call stores the factor.
     *
     * @throws StoreException if the store has another factor
     */
    public synchronized void requireFactor(int factor) {
        try (Statement statement = connection().createStatement()) {
            statement.execute("UPDATE reverie_store SET factor = coalesce(factor, " + factor + ")");
            try (ResultSet stored = statement.executeQuery("SELECT factor FROM reverie_store")) {
                if (stored.next() && stored.getInt(1) != factor) {
                    throw new StoreException("the store " + database.name() + " has images learned with factor "
                            + stored.getInt(1) + ", not " + factor + ": set reverie.learning.factor to "
                            + stored.getInt(1) + ", set reverie.learning.method to a method with this factor, or start"
                            + " a new store");
                }
            }
        } catch (SQLException failure) {
            throw new StoreException(
                    "the store " + database.name() + " can't be used: " + failure.getMessage()
                            + "; check its disk or its database server",
                    failure);
        }
    }

    /** Settings for the actor system that take precedence over all others. */
    public Config configuration() {
        return database.configuration().withFallback(ConfigFactory.parseResources("store.conf"));
    }

    /** Name of the store for messages to users. */
    public String name() {
        return database.name();
    }

    /** Bytes of all events and snapshots in the store, without the overhead of the database. */
    public CompletionStage<Long> size() {
        return CompletableFuture.supplyAsync(this::querySize, housekeeping);
    }

    /** Writes to the store without changing it; completes when the write is durable. */
    public CompletionStage<Done> probe() {
        return CompletableFuture.supplyAsync(this::probeNow, housekeeping);
    }

    @Override
    public CompletionStage<Done> trim(String persistenceId, long snapshotSequenceNumber) {
        return delete(persistenceId, snapshotSequenceNumber);
    }

    @Override
    public CompletionStage<Done> erase(String persistenceId) {
        return delete(persistenceId, Long.MAX_VALUE);
    }

    private CompletionStage<Done> delete(String persistenceId, long before) {
        return CompletableFuture.supplyAsync(
                () -> {
                    if (deleteNow(persistenceId, before) > 0) {
                        compact();
                    }
                    return Done.getInstance();
                },
                housekeeping);
    }

    /** Deletes rows and returns their number. */
    private synchronized int deleteNow(String persistenceId, long before) {
        try {
            return deleteRows(connection(), persistenceId, before);
        } catch (SQLException failure) {
            throw new StoreException(
                    "the store " + database.name() + " could not delete old data, but tries again later", failure);
        }
    }

    /** Compacts the file. A failure only leaves the file larger than necessary. */
    private synchronized void compact() {
        if (lock == null) {
            return;
        }
        try {
            H2Compaction.compact(connection());
        } catch (SQLException | IOException | MVStoreException failure) {
            LOG.warn(
                    "Could not compact the store {}: {}. Its file stays larger than necessary until the next"
                            + " compaction; nothing needs to be done.",
                    database.name(),
                    failure.toString());
        }
    }

    private static int deleteRows(Connection connection, String persistenceId, long before) throws SQLException {
        connection.setAutoCommit(false);
        try {
            int rows = 0;
            for (String table : new String[] {"event_journal", "snapshot"}) {
                try (PreparedStatement delete = connection.prepareStatement(
                        "DELETE FROM \"" + table + "\" WHERE \"persistence_id\" = ? AND \"sequence_number\" < ?")) {
                    delete.setString(1, persistenceId);
                    delete.setLong(2, before);
                    rows += delete.executeUpdate();
                }
            }
            connection.commit();
            return rows;
        } catch (SQLException failure) {
            connection.rollback();
            throw failure;
        } finally {
            connection.setAutoCommit(true);
        }
    }

    private synchronized Done probeNow() {
        try (Statement statement = connection().createStatement()) {
            statement.executeUpdate("UPDATE reverie_store SET format = format");
            return Done.getInstance();
        } catch (SQLException failure) {
            throw new StoreException(
                    "the store " + database.name() + " can't be written to; check its disk or its database server",
                    failure);
        }
    }

    private synchronized long querySize() {
        try (Statement statement = connection().createStatement();
                ResultSet sum = statement.executeQuery("SELECT"
                        + " (SELECT coalesce(sum(octet_length(\"event_payload\")), 0) FROM \"event_journal\")"
                        + " + (SELECT coalesce(sum(octet_length(\"snapshot_payload\")), 0) FROM \"snapshot\")")) {
            return sum.next() ? sum.getLong(1) : 0;
        } catch (SQLException failure) {
            throw new StoreException(
                    "the store " + database.name() + " could not read its size, but tries again later", failure);
        }
    }

    /** The connection, opened again if a failure of the database has closed it. */
    private Connection connection() throws SQLException {
        if (closed) {
            throw new SQLException("the store is closed");
        }
        if (!connection.isValid(1)) {
            closeQuietly(connection); // it may still hold the advisory lock
            Connection fresh = database.connect();
            try {
                if (lock == null) {
                    lockServer(fresh, database);
                }
            } catch (SQLException | RuntimeException failure) {
                fresh.close();
                throw failure;
            }
            connection = fresh;
        }
        return connection;
    }

    /** Closes the database and releases the lock. */
    @Override
    public void close() {
        housekeeping.shutdown();
        closeDatabase();
        if (lock != null) {
            closeQuietly(lock);
        }
    }

    private synchronized void closeDatabase() {
        closed = true;
        try (Connection last = connection) {
            if (lock != null && last.isValid(1)) {
                last.createStatement().execute("SHUTDOWN");
            }
        } catch (SQLException alreadyClosed) {
            // All committed data is in the file already.
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception ignored) {
            // The process releases the resource when it ends.
        }
    }
}
