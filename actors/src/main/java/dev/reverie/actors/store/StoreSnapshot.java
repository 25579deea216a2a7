package dev.reverie.actors.store;

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
 * throw a {@link CancellationException} if the snapshot is closed before they return. Thread safe.
 */
public final class StoreSnapshot implements AutoCloseable {

    /** Time after which a closed snapshot cancels the query that runs, in milliseconds. */
    private static final int CANCEL_AFTER = 100;

    private final Database database;
    private final Connection connection;
    private final CheckProgress progress;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile boolean closed;
    private final int format;
    private final OptionalInt factor;
    private final Queue<Part> parts = new ArrayDeque<>();
    private @Nullable StoreDamage damage;
    private long payloadBytes;
    private @Nullable OpenPart open;

    private StoreSnapshot(Database database, Connection connection, CheckProgress progress) throws SQLException {
        this.database = database;
        this.connection = connection;
        this.progress = progress;
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement();
                ResultSet settings = statement.executeQuery("SELECT format, factor FROM reverie_store")) {
            settings.next();
            this.format = settings.getInt(1);
            int stored = settings.getInt(2);
            this.factor = settings.wasNull() ? OptionalInt.empty() : OptionalInt.of(stored);
        }
    }

    /**
     * Opens a snapshot of what is durable now.
     *
     * @param progress is told how many rows have been verified; empty if nobody wants to know
     * @throws StoreException if the store cannot be read
     */
    static StoreSnapshot open(Database database, CheckProgress progress) {
        try {
            Connection connection = database.connectReader();
            try {
                return new StoreSnapshot(database, connection, progress);
            } catch (SQLException | RuntimeException | Error failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw unreadable(database.name(), failure);
        }
    }

    /** The rows of an actor in one of the tables. */
    private record Part(String owner, StoredTable table) {}

    /** A part that is being read. */
    private record OpenPart(StoredTable table, ResultSet rows) {}

    /** Verifies all rows and queues the undamaged ones, unless that was done before. */
    private StoreDamage check() throws SQLException {
        if (damage != null) {
            return damage;
        }
        StoreDamage found = IntegrityCheck.of(connection, database, progress.counting(StoreRows.count(connection)))
                .damage();
        List<Part> whole = new ArrayList<>();
        long bytes = 0;
        for (String owner : StoreRows.persistenceIds(connection)) {
            if (found.of(owner).isEmpty()) {
                for (StoredTable table : StoredTable.values()) {
                    whole.add(new Part(owner, table));
                }
                bytes += StoreRows.size(connection, owner);
            }
        }
        parts.addAll(whole);
        payloadBytes = bytes;
        damage = found;
        return found;
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
     * Multi-formation factor of all images in the store, negative if their shape determines it; empty if the store has
     * not been used.
     */
    public OptionalInt factor() {
        return factor;
    }

    /** The persistence ids of all actors that have rows, whole or not. Reads no rows. */
    public List<String> actors() {
        return locked(() -> StoreRows.persistenceIds(connection));
    }

    /**
     * All rows of an actor, whole or not, first its snapshots and then its events, both in order.
     *
     * @throws StoreException if the rows cannot be read
     */
    public List<StoredRow> rows(String actor) {
        return locked(() -> StoreRows.all(connection, actor));
    }

    /**
     * The damage at the moment of the snapshot. The actors that it names have no rows in the snapshot. The first call
     * of this method, {@link #payloadBytes} or {@link #next} verifies all rows, which takes minutes for a large store.
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
            while (open == null || !open.rows().next()) {
                Part next = parts.poll();
                if (next == null) {
                    return Optional.empty();
                }
                open(next);
            }
            return Optional.of(open.table().read(open.rows()));
        });
    }

    private void open(Part part) throws SQLException {
        if (open != null) {
            open.rows().getStatement().close();
        }
        PreparedStatement select = StoreRows.select(connection, part.table(), part.owner());
        open = new OpenPart(part.table(), select.executeQuery());
    }

    private <R> R locked(Transaction.Query<R> reading) {
        lock.lock();
        try {
            return reading.run();
        } catch (SQLException failure) {
            throw closed ? new CancellationException("the snapshot was closed") : unreadable(database.name(), failure);
        } finally {
            lock.unlock();
        }
    }

    private static StoreException unreadable(String name, Exception failure) {
        return FailureCause.of(failure) == FailureCause.DAMAGED
                ? new StoreException(
                        "the store " + name + " has damaged rows: find them with 'reverie store check'", failure)
                : StoreException.temporary(
                        "the store " + name + " cannot be read: check its disk or its database server", failure);
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
