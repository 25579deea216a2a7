package dev.reverie.actors.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.apache.pekko.Done;

/**
 * The durable database of a service, locked for this process. Open the store before the actor system, which needs the
 * {@link #configuration} of the store, and close the store after the actor system has terminated. Thread safe.
 */
public final class Store implements Retention, AutoCloseable {

    /** Format number of the tables and columns. The data in the rows is versioned separately. */
    public static final int FORMAT = Schema.FORMAT;

    /** The database in the folder of a store, as H2 names it. */
    static final String H2_NAME = "reverie";

    static final String LOCK_FILE = "lock";

    /** Name of the database file in the folder of a store. */
    public static final String FILE = H2_NAME + ".mv.db";

    private static final String UNWRITABLE = "cannot be written to; check its disk or its database server";

    private final Database database;
    private final Optional<FolderLock> lock;
    private final StoreConnection connection;
    private final StoreDamage damage;
    private final SpaceMonitor space;
    private final ExecutorService housekeeping = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("store-housekeeping").daemon().factory());

    private Optional<CompactionLoop> compaction = Optional.empty();

    Store(
            Database database,
            Optional<FolderLock> lock,
            StoreConnection connection,
            StoreDamage damage,
            SpaceMonitor space) {
        this.database = database;
        this.lock = lock;
        this.damage = damage;
        this.connection = connection;
        this.space = space;
    }

    /**
     * Opens the store in a folder, and creates both if necessary.
     *
     * @throws StoreException if another process uses the store, or if the store has another format or cannot be read or
     *     written
     */
    public static Store inFolder(Path folder) {
        return inFolder(folder, "");
    }

    /** Opens the store in a folder with another file system of H2, whose prefix ends with a colon. */
    static Store inFolder(Path folder, String fileSystem) {
        return StoreOpening.inFolder(folder, fileSystem);
    }

    /** Returns whether a folder contains a store. */
    public static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(FILE));
    }

    /**
     * Returns whether a database of a PostgreSQL server contains a store. Changes nothing.
     *
     * @param url JDBC URL without credentials, as for {@link #onPostgres}
     * @throws StoreException if the server does not respond, or refuses the user
     */
    public static boolean existsOnPostgres(String url, String user, String password) {
        Database database = Database.postgres(url, user, password, ProcessLock.create());
        try (Connection connection = database.connect()) {
            return Schema.hasStore(connection);
        } catch (SQLException failure) {
            throw StoreException.unopened(database.name(), failure);
        }
    }

    /**
     * Opens the store in a database of a PostgreSQL server, for this process alone.
     *
     * @param url JDBC URL without credentials, for example {@code jdbc:postgresql://host:5432/reverie}
     * @throws StoreException if another process uses the store, or if the store has another format or does not respond
     */
    public static Store onPostgres(String url, String user, String password) {
        return StoreOpening.onServer(Database.postgres(url, user, password, ProcessLock.create()));
    }

    /**
     * Opens the store in a database of a PostgreSQL server, together with the other nodes of a cluster. Two nodes must
     * not write the rows of the same actor; if they do, the database accepts those of one of them.
     *
     * @param url JDBC URL without credentials, as for {@link #onPostgres}
     * @throws StoreException if a process uses the store that is not a node of a cluster, or if the store has another
     *     format or does not respond
     */
    public static Store sharedOnPostgres(String url, String user, String password) {
        return StoreOpening.onServer(Database.postgres(url, user, password, new NodeLock()));
    }

    /**
     * Requires that the images in the store were learned with this multi-formation factor, because images with another
     * factor cannot be read. The first call stores the factor.
     *
     * @param factor at least 1
     * @throws StoreException if the store has another factor, or if its images choose it
     */
    public void requireFactor(int factor) {
        requireFactor(factor, OptionalInt::empty);
    }

    /**
     * Like {@link #requireFactor(int)}, but if the images choose the factor and have chosen this one, it is fixed. No
     * other process may use the store, since it would go on letting the images choose.
     *
     * @param chosen the factor that the images have chosen, empty if it is unknown; called only if they choose it
     * @throws StoreException if the store has another factor, or if its images may have chosen another one
     */
    public void requireFactor(int factor, Supplier<OptionalInt> chosen) {
        StoredFactor stored = storedOr(factor);
        stored.orChosen(chosen).require(factor);
        if (stored.fixed().isEmpty()) {
            call(rows -> StoreRows.fixFactor(rows, factor), UNWRITABLE);
        }
    }

    /**
     * Lets the images choose the multi-formation factor, by a rule that never changes, unless the store has one
     * already.
     *
     * @return the factor of all images in the store; empty if they choose it
     */
    public OptionalInt letImagesChooseFactor() {
        return storedOr(StoredFactor.CHOSEN_BY_IMAGES).fixed();
    }

    private StoredFactor storedOr(int first) {
        return new StoredFactor(
                database.name(),
                call(rows -> StoreRows.factor(rows, first), "cannot be used; check its disk or its database server"));
    }

    /** Settings for the actor system that take precedence over all others. */
    public Config configuration() {
        return database.configuration().withFallback(ConfigFactory.parseResources("store.conf"));
    }

    /**
     * Starts to keep the size of the file in proportion to its content. Does nothing for a store on a server, or if
     * called again.
     *
     * @param nanos a time in nanoseconds that never goes back, as {@link System#nanoTime}
     */
    public synchronized void startCompaction(LongSupplier nanos) {
        if (!database.onServer() && compaction.isEmpty()) {
            compaction = Optional.of(CompactionLoop.start(connection, database.name(), nanos, space::free, damage));
        }
    }

    /** Name of the store for messages to users. */
    public String name() {
        return database.name();
    }

    /** Reads or replaces all rows at once. */
    public StoreMaintenance maintenance() {
        return new StoreMaintenance(database, connection, damage);
    }

    /** The damage that was found when the store was opened. */
    public StoreDamage damage() {
        return damage;
    }

    /** Bytes of all events and snapshots in the store, without the overhead of the database. */
    public CompletionStage<Long> size() {
        return later(StoreRows::size, "could not read its size");
    }

    @Override
    public boolean isReadOnly() {
        return space.isFull();
    }

    @Override
    public void onFailure(Throwable failure) {
        space.onFailure(failure);
    }

    /** Writes to the store without changing it; completes when the write is durable. */
    public CompletionStage<Done> probe() {
        return write(
                rows -> {
                    StoreRows.touch(rows);
                    return Done.getInstance();
                },
                UNWRITABLE);
    }

    @Override
    public CompletionStage<Done> trim(String persistenceId, long snapshotSequenceNumber) {
        return delete(rows -> StoreRows.delete(rows, database, persistenceId, snapshotSequenceNumber));
    }

    @Override
    public CompletionStage<Done> erase(String persistenceId) {
        return delete(rows -> StoreRows.erase(rows, database, persistenceId));
    }

    @Override
    public CompletionStage<Done> eraseAll(Predicate<String> isObsolete) {
        return delete(rows -> {
            int deleted = 0;
            for (String id : StoreRows.persistenceIds(rows)) {
                if (isObsolete.test(id)) {
                    deleted += StoreRows.erase(rows, database, id);
                }
            }
            return deleted;
        });
    }

    /** Runs a task that deletes rows and returns their number. */
    private CompletionStage<Done> delete(StoreConnection.Task<Integer> task) {
        return write(task, "could not delete old data").thenApply(deleted -> Done.getInstance());
    }

    /** Like {@link #later}, but fails at once while the store is read-only. */
    private <R> CompletionStage<R> write(StoreConnection.Task<R> task, String failed) {
        return space.isFull()
                ? CompletableFuture.failedStage(StoreException.full(database.name()))
                : later(task, failed);
    }

    /** Runs a task on the housekeeping thread. The description completes the message of a failure. */
    private <R> CompletionStage<R> later(StoreConnection.Task<R> task, String failed) {
        try {
            return CompletableFuture.supplyAsync(() -> call(task, failed), housekeeping);
        } catch (RejectedExecutionException closed) {
            return CompletableFuture.failedStage(
                    StoreException.temporary("the store " + database.name() + " is closed", closed));
        }
    }

    private <R> R call(StoreConnection.Task<R> task, String failed) {
        try {
            return connection.call(task);
        } catch (SQLException failure) {
            space.onFailure(failure);
            throw StoreException.temporary("the store " + database.name() + " " + failed, failure);
        }
    }

    /** Closes the database and releases the lock. */
    @Override
    public synchronized void close() {
        housekeeping.shutdown();
        connection.endTasks();
        space.close();
        compaction.ifPresent(CompactionLoop::close);
        connection.close();
        lock.ifPresent(held -> StoreOpening.release(held, false));
    }
}
