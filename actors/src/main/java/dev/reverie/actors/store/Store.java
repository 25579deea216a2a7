package dev.reverie.actors.store;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import dev.reverie.gpu.method.FactorRule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.apache.pekko.Done;

/**
 * The durable database of a service, locked for this process. Open the store before the actor system, which needs the
 * {@link #configuration} of the store, and close the store after the actor system has terminated. Thread safe.
 */
public final class Store implements Retention, AutoCloseable {

    /** Format number of the tables and columns. The data in the rows is versioned separately. */
    public static final int FORMAT = Schema.FORMAT;

    static final String LOCK_FILE = "lock";

    /** Name of the database file in the folder of a store. */
    public static final String FILE = "reverie.db";

    /** Name of the file in the folder of a store of the versions that used H2. */
    static final String H2_FILE = "reverie.mv.db";

    /** The stores that are open in this process, by the number by which the plugins of Pekko Persistence find them. */
    private static final Map<String, Store> OPEN = new ConcurrentHashMap<>();

    private static final AtomicLong NUMBERS = new AtomicLong();

    private static final String NOT_DELETED = "could not delete old data";
    private static final String UNWRITABLE = "cannot be written to; check its disk or its database server";

    private final Database database;
    private final Optional<FolderLock> lock;
    private final StoreWriter writer;
    private final StoreReaders readers;
    private final String number = String.valueOf(NUMBERS.incrementAndGet());
    private final StoreDamage damage;
    private final SpaceMonitor space;

    Store(Database database, Optional<FolderLock> lock, StoreWriter writer, StoreDamage damage, SpaceMonitor space) {
        this.database = database;
        this.lock = lock;
        this.damage = damage;
        this.writer = writer;
        this.readers = new StoreReaders(database, writer.breaker());
        this.space = space;
        OPEN.put(number, this);
    }

    /** Opens the store in a folder, each of whose commits is flushed, like {@link #inFolder(Path, Flush)}. */
    public static Store inFolder(Path folder) {
        return inFolder(folder, Flush.ALWAYS);
    }

    /**
     * Opens the store in a folder, and creates both if necessary.
     *
     * @throws StoreException if another process uses the store, or if the store has another format or cannot be read or
     *     written
     */
    public static Store inFolder(Path folder, Flush flush) {
        return StoreOpening.inFolder(folder, flush);
    }

    /** The open store with whose {@link #configuration} a plugin of Pekko Persistence was created. */
    static Store open(Config plugin) {
        return Objects.requireNonNull(OPEN.get(plugin.getString("store")), "the store is closed");
    }

    /** Returns whether a folder contains a store, even if it is one of H2, which only earlier versions read. */
    public static boolean existsIn(Path folder) {
        return Files.exists(folder.resolve(FILE)) || Files.exists(folder.resolve(H2_FILE));
    }

    /**
     * Returns whether a database of a PostgreSQL server contains a store. Changes nothing.
     *
     * @throws StoreException if the server does not respond, or refuses the user
     */
    public static boolean existsOnPostgres(String url, String user, String password) {
        Database database = new PostgresDatabase(url, user, password, new ServerLock.OfProcess());
        try (Connection connection = database.connectReader()) {
            return database.hasStore(connection);
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
        return StoreOpening.onServer(new PostgresDatabase(url, user, password, new ServerLock.OfProcess()));
    }

    /**
     * Opens the store in a database of a PostgreSQL server, together with the other nodes of a cluster. Two nodes must
     * not write the rows of the same actor; if they do, the database accepts those of one of them.
     *
     * @throws StoreException if a process uses the store that is not a node of a cluster, or if the store has another
     *     format or does not respond
     */
    public static Store sharedOnPostgres(String url, String user, String password) {
        return StoreOpening.onServer(new PostgresDatabase(url, user, password, new ServerLock.OfNode()));
    }

    /** Like {@link #requireFactor(int, Function)}, but also refuses a store whose images choose the factor. */
    public void requireFactor(int factor) {
        requireFactor(factor, _ -> OptionalInt.empty());
    }

    /**
     * Requires that the images in the store were learned with this multi-formation factor, because images with another
     * factor cannot be read. The first call stores the factor. If the images choose it and have chosen this one, it is
     * fixed; no other process may use the store then, since it would go on letting the images choose.
     *
     * @param factor at least 1
     * @param chosen the factor that the images have chosen by a rule, empty if it is unknown; called only if they
     *     choose it
     * @throws StoreException if the store has another factor, or if its images may have chosen another one
     */
    public void requireFactor(int factor, Function<FactorRule, OptionalInt> chosen) {
        StoredFactor stored = storedOr(factor);
        stored.orChosen(chosen).require(factor);
        if (stored.fixed().isEmpty()) {
            call(rows -> StoreRows.fixFactor(rows, factor), UNWRITABLE);
        }
    }

    /**
     * Lets the images choose the multi-formation factor by a rule, unless the store has a factor or a rule already.
     *
     * @return the factor or the rule of the store
     */
    public StoredFactor letImagesChooseFactor(FactorRule rule) {
        return storedOr(rule.mark());
    }

    private StoredFactor storedOr(int first) {
        return new StoredFactor(
                database.name(),
                call(rows -> StoreRows.factor(rows, first), "cannot be used; check its disk or its database server"));
    }

    /** Settings for the actor system that take precedence over all others. */
    public Config configuration() {
        return ConfigFactory.parseMap(Map.of("reverie-journal.store", number, "reverie-snapshots.store", number))
                .withFallback(ConfigFactory.parseResources("store.conf"));
    }

    /**
     * Starts to keep the size of the file in proportion to its content. Does nothing for a store on a server.
     *
     * @param nanos a time in nanoseconds that never goes back, as {@link System#nanoTime}
     */
    public void startUpkeep(LongSupplier nanos) {
        if (database instanceof SqliteDatabase sqlite) {
            Upkeep.start(writer, sqlite, nanos);
        }
    }

    /** Writes rows, all or none; completes when they are durable. */
    CompletionStage<Done> insert(List<StoredRow> inserted) {
        return writer.write((_, rows) -> {
            for (StoredRow row : inserted) {
                rows.add(row);
            }
        });
    }

    /** Runs a task that only reads, in a transaction. */
    <R> CompletionStage<R> read(StoreWriter.Task<R> task) {
        return readers.read(task);
    }

    /** Name of the store for messages to users. */
    public String name() {
        return database.name();
    }

    /**
     * Opens a snapshot of the rows that are durable now. The store can be written to meanwhile.
     *
     * @throws StoreException if actors whose rows were damaged when the store was opened still have rows, or if the
     *     store cannot be read
     */
    public StoreSnapshot snapshot() {
        StoreSnapshot snapshot = snapshotOfWholeRows((_, _) -> {});
        try {
            damage.among(snapshot.actors()).requireNone(database.name());
            return snapshot;
        } catch (StoreException failure) {
            snapshot.close();
            throw failure;
        }
    }

    /**
     * Opens a snapshot that leaves out the actors with damaged rows, see {@link StoreSnapshot#damage}.
     *
     * @param progress is told how many rows of the snapshot have been verified
     * @throws StoreException if the store cannot be read
     */
    public StoreSnapshot snapshotOfWholeRows(CheckProgress progress) {
        // A store that is closed fails here with a message that says so.
        call(_ -> true, "cannot be read: check its disk or its database server");
        return StoreSnapshot.open(database, progress);
    }

    /**
     * Begins to load rows into the store.
     *
     * @throws StoreException if the store is not empty or cannot be written to
     */
    public StoreLoader load() {
        return StoreLoader.open(database);
    }

    /**
     * Gives all free pages of a store in a folder back to the disk.
     *
     * @param progress is told how many of them have been given back
     * @throws StoreException if the file cannot be written
     */
    public void compact(CheckProgress progress) {
        call(
                connection -> Upkeep.compact(connection, progress),
                "could not be compacted: free some disk space, and try again");
    }

    /** The damage that was found when the store was opened. */
    public StoreDamage damage() {
        return damage;
    }

    /**
     * Moves everything from the log into the file of a store in a folder.
     *
     * @throws StoreException if a part remains in the log
     */
    void emptyLog() {
        call(Upkeep::requireEmptyLog, UNWRITABLE);
    }

    /** Bytes of all events and snapshots in the store, without the overhead of the database. */
    public CompletionStage<Long> size() {
        return naming("could not read its size", read(StoreRows::size));
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
        return space.isFull()
                ? CompletableFuture.failedStage(StoreException.full(database.name()))
                : naming(UNWRITABLE, writer.submit(connection -> StoreRows.touch(connection, database)));
    }

    @Override
    public CompletionStage<Done> trim(String persistenceId, long snapshotSequenceNumber) {
        return naming(NOT_DELETED, writer.write((connection, rows) -> {
            rows.send();
            StoreRows.trim(connection, database, persistenceId, snapshotSequenceNumber);
        }));
    }

    @Override
    public CompletionStage<Done> erase(String persistenceId) {
        return naming(NOT_DELETED, writer.submit(connection -> eraseFrom(connection, persistenceId)));
    }

    @Override
    public CompletionStage<Done> eraseAll(Predicate<String> isObsolete) {
        return naming(NOT_DELETED, writer.submit(connection -> {
            for (String id : StoreRows.persistenceIds(connection)) {
                if (isObsolete.test(id)) {
                    eraseFrom(connection, id);
                }
            }
            return Done.getInstance();
        }));
    }

    private Done eraseFrom(Connection rows, String persistenceId) throws SQLException {
        if (damage.of(persistenceId).isPresent()) {
            database.eraseDamaged(rows, persistenceId);
        } else {
            StoreRows.erase(rows, database, persistenceId);
        }
        return Done.getInstance();
    }

    /** Lets a failure name the store. The description completes its message. */
    private <R> CompletionStage<R> naming(String failed, CompletionStage<R> result) {
        return result.exceptionallyCompose(failure -> CompletableFuture.failedStage(failed(failed, failure)));
    }

    private <R> R call(StoreWriter.Task<R> task, String failed) {
        try {
            return writer.call(task);
        } catch (SQLException failure) {
            throw failed(failed, failure);
        }
    }

    private StoreException failed(String what, Throwable failure) {
        space.onFailure(failure);
        return failure instanceof StoreException named
                ? named
                : StoreException.temporary("the store " + database.name() + " " + what, failure);
    }

    /** Closes the database and releases the lock. */
    @Override
    public void close() {
        writer.endTasks();
        readers.close(); // first, because the last connection to a file empties its log
        writer.close();
        OPEN.remove(number);
        lock.ifPresent(FolderLock::close);
    }
}
