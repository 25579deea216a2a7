package dev.reverie.actors.store;

import dev.reverie.actors.store.ActorRowQueries.Query;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The intact rows of a store at the moment at which it was opened, read in one transaction while others write. Holds
 * one row at a time in memory. Until it is closed, the database keeps the rows that are deleted meanwhile. All methods
 * throw a {@link CancellationException} if the view is closed before they return. Thread safe.
 */
public final class StoreView implements AutoCloseable {

    private static final String OWNERS =
            "SELECT persistence_id FROM event_journal UNION" + " SELECT persistence_id FROM snapshot ORDER BY 1";
    private static final String PAYLOAD_BYTES = "SELECT"
            + " (SELECT coalesce(sum(octet_length(event_payload)), 0) FROM event_journal"
            + " WHERE persistence_id = ?) + (SELECT coalesce(sum(octet_length(snapshot_payload)), 0) FROM snapshot"
            + " WHERE persistence_id = ?)";

    /** Time after which a closed view cancels the query that runs, in milliseconds. */
    private static final int CANCEL_AFTER = 100;

    private final Database database;
    private final Connection connection;
    private final Optional<CheckProgress> progress;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;
    private final int format;
    private final OptionalInt factor;
    private final Queue<Query> queries = new ArrayDeque<>();
    private @Nullable StoreDamage damage;
    private long payloadBytes;
    private @Nullable Query current;
    private @Nullable ResultSet rows;

    private StoreView(Database database, Connection connection, Optional<CheckProgress> progress) throws SQLException {
        this.database = database;
        this.connection = connection;
        this.progress = progress;
        begin(connection, database);
        try (Statement statement = connection.createStatement();
                ResultSet settings = statement.executeQuery("SELECT format, factor FROM reverie_store")) {
            settings.next();
            this.format = settings.getInt(1);
            int stored = settings.getInt(2);
            this.factor = settings.wasNull() ? OptionalInt.empty() : OptionalInt.of(stored);
        }
    }

    /**
     * Opens a view of what is durable now.
     *
     * @param progress is told how many rows have been verified; empty if nobody wants to know
     * @throws StoreException if the store cannot be read
     */
    static StoreView open(Database database, Optional<CheckProgress> progress) {
        try {
            Connection connection = database.connect();
            try {
                return new StoreView(database, connection, progress);
            } catch (SQLException | RuntimeException | Error failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw unreadable(database.name(), failure);
        }
    }

    /** Begins a transaction in which all queries see the same moment, as in SQLite every transaction does. */
    private static void begin(Connection connection, Database database) throws SQLException {
        connection.setAutoCommit(false);
        if (database.onServer()) {
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            connection.setReadOnly(true);
        }
    }

    /** Verifies all rows and queues the queries of the undamaged ones, unless that was done before. */
    private StoreDamage check() throws SQLException {
        if (damage != null) {
            return damage;
        }
        StoreDamage found = verify().damage();
        ActorRowQueries rowsOf = new ActorRowQueries(connection);
        List<Query> whole = new ArrayList<>();
        long bytes = 0;
        try (PreparedStatement sizes = connection.prepareStatement(PAYLOAD_BYTES)) {
            for (String owner : owners()) {
                if (found.of(owner).isEmpty()) {
                    whole.addAll(rowsOf.of(owner));
                    bytes += payloadBytes(sizes, owner);
                }
            }
        }
        queries.addAll(whole);
        payloadBytes = bytes;
        damage = found;
        return found;
    }

    private IntegrityCheck verify() throws SQLException {
        return progress.isPresent()
                ? IntegrityCheck.of(connection, database, progress.get().counting(StoreRows.count(connection)))
                : IntegrityCheck.of(connection, database);
    }

    private static long payloadBytes(PreparedStatement sizes, String owner) throws SQLException {
        sizes.setString(1, owner);
        sizes.setString(2, owner);
        try (ResultSet sum = sizes.executeQuery()) {
            sum.next();
            return sum.getLong(1);
        }
    }

    private List<String> owners() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet owners = statement.executeQuery(OWNERS)) {
            List<String> ids = new ArrayList<>();
            while (owners.next()) {
                ids.add(owners.getString(1));
            }
            return ids;
        }
    }

    /** Name of the store for messages to users. */
    public String name() {
        return database.name();
    }

    /** Format number of the tables. */
    public int format() {
        return format;
    }

    /**
     * Multi-formation factor of all images in the store, -1 if their shape determines it; empty if the store has not
     * been used.
     */
    public OptionalInt factor() {
        return factor;
    }

    /** The persistence ids of all actors that have rows, whole or not. Reads no rows. */
    public List<String> actors() {
        return locked(this::owners);
    }

    /**
     * All rows of an actor, whole or not, first its snapshots and then its events, both in order.
     *
     * @throws StoreException if the rows cannot be read
     */
    public List<StoredRow> rows(String actor) {
        return locked(() -> ActorRowQueries.rowsOf(connection, actor));
    }

    /**
     * The damage at the moment of the view. The actors that it names have no rows in the view. The first call of this
     * method, {@link #payloadBytes} or {@link #next} verifies all rows, which takes minutes for a large store.
     *
     * @throws StoreException if the rows cannot be read, or if the damaged ones cannot be told from the others
     */
    public StoreDamage damage() {
        return locked(this::check);
    }

    /** Total size of the payloads of all rows, in bytes. */
    public long payloadBytes() {
        return locked(() -> {
            check();
            return payloadBytes;
        });
    }

    /**
     * Requires that no row is damaged.
     *
     * @throws StoreException if rows are damaged, or if the store cannot be read
     */
    public void requireWhole() {
        damage().requireNone(database.name());
    }

    /**
     * Reads the next row. The rows of an actor follow each other, first its snapshots and then its events, both in the
     * order of their sequence numbers.
     *
     * @return empty after the last row
     * @throws StoreException if the row cannot be read
     */
    public Optional<StoredRow> next() {
        return locked(() -> {
            check();
            while (rows == null || current == null || !rows.next()) {
                current = queries.poll();
                if (current == null) {
                    return Optional.empty();
                }
                rows = current.execute();
            }
            return Optional.of(current.reader().read(rows));
        });
    }

    /** Reads from the database. */
    @FunctionalInterface
    private interface Reading<R> {
        R read() throws SQLException;
    }

    private <R> R locked(Reading<R> reading) {
        lock.lock();
        try {
            return reading.read();
        } catch (SQLException failure) {
            throw closed ? new CancellationException("the view was closed") : unreadable(database.name(), failure);
        } finally {
            lock.unlock();
        }
    }

    private static StoreException unreadable(String name, Exception failure) {
        return switch (StoreFailure.of(failure)) {
            case DAMAGED ->
                new StoreException(
                        "the store " + name + " has damaged rows: find them with 'reverie store check'", failure);
            case FULL, UNAVAILABLE, OBSOLETE, UNREACHABLE ->
                StoreException.temporary(
                        "the store " + name + " cannot be read: check its disk or its database server", failure);
        };
    }

    /** Ends the transaction, and cancels a query that runs, since a check of all rows takes minutes. */
    @Override
    public void close() {
        closed = true;
        boolean interrupted = lockCancelling();
        try {
            connection.close();
        } catch (SQLException alreadyClosed) {
            // The transaction has changed nothing.
        } finally {
            lock.unlock();
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /**
     * Takes the lock, and cancels the queries of another thread that holds it for long.
     *
     * @return whether this thread was interrupted; its status is cleared, because an interrupted thread cannot use
     *     files
     */
    private boolean lockCancelling() {
        boolean interrupted = false;
        while (true) {
            try {
                if (lock.tryLock(CANCEL_AFTER, TimeUnit.MILLISECONDS)) {
                    return interrupted;
                }
                cancelQuery();
            } catch (InterruptedException _) {
                interrupted = true;
            }
        }
    }

    private void cancelQuery() {
        try {
            database.cancelQuery(connection);
        } catch (SQLException ended) {
            // Without a connection, the query ends too.
        }
    }
}
