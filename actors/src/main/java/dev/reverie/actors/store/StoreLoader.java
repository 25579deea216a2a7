package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.OptionalInt;

/** Writes rows into an empty store in one transaction: after {@link #commit} all are durable, before it none. */
public final class StoreLoader implements AutoCloseable {

    private final Database database;
    private final Connection connection;
    private final RowInserter rows;

    private StoreLoader(Database database, Connection connection) throws SQLException {
        this.database = database;
        this.connection = connection;
        connection.setAutoCommit(false);
        this.rows = new RowInserter(database, connection);
    }

    /**
     * Begins to load a store.
     *
     * @throws StoreException if the store has rows already
     */
    static StoreLoader open(Database database) {
        try {
            Connection connection = database.connectBeside();
            try {
                requireEmpty(database.name(), connection);
                return new StoreLoader(database, connection);
            } catch (SQLException | RuntimeException | Error failure) {
                connection.close();
                throw failure;
            }
        } catch (SQLException failure) {
            throw unwritable(database.name(), failure);
        }
    }

    private static void requireEmpty(String name, Connection connection) throws SQLException {
        if (StoreRows.count(connection) > 0) {
            throw new StoreException("the store " + name + " is not empty: name a new folder or an empty database");
        }
    }

    /** Writes the multi-formation factor of all images. */
    public void factor(OptionalInt factor) {
        if (factor.isPresent()) {
            write(() -> {
                try (PreparedStatement update = connection.prepareStatement("UPDATE reverie_store SET factor = ?")) {
                    update.setInt(1, factor.getAsInt());
                    update.executeUpdate();
                }
            });
        }
    }

    public void add(StoredRow row) {
        write(() -> rows.add(row));
    }

    /**
     * Reads all rows again, before they are durable.
     *
     * @param count number of rows that were written
     * @param payloadBytes total size of their payloads
     * @param progress is told how many rows have been read
     * @throws StoreException if the store has other rows, or if rows are damaged
     */
    public void verify(long count, long payloadBytes, CheckProgress progress) {
        write(() -> {
            rows.send();
            boolean whole = IntegrityCheck.of(connection, database, progress.counting(count))
                    .damage()
                    .reasons()
                    .isEmpty();
            if (!whole || StoreRows.count(connection) != count || StoreRows.size(connection) != payloadBytes) {
                throw new StoreException("the store " + database.name() + " does not contain what was written to it:"
                        + " check its disk, and use another place");
            }
        });
    }

    /**
     * Makes all rows durable.
     *
     * @throws StoreException if they cannot be written; the store is then as it was
     */
    public void commit() {
        write(() -> {
            rows.send();
            Transaction.commit(connection);
        });
    }

    private void write(Transaction.Statements statements) {
        try {
            statements.run();
        } catch (SQLException failure) {
            throw unwritable(database.name(), failure);
        }
    }

    private static StoreException unwritable(String name, SQLException failure) {
        return FailureCause.of(failure) == FailureCause.FULL
                ? StoreException.full(name, failure)
                : StoreException.temporary(
                        "the store " + name + " cannot be written to (" + failure.getMessage()
                                + "): check its disk or its database server",
                        failure);
    }

    /** Discards what is not committed. */
    @Override
    public void close() {
        Transaction.undo(connection);
        Transaction.close(connection);
    }
}
