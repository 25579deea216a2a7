package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The result of reading one table of the store in two ways: row by row, which verifies the checksums, and through the
 * index, which the actors use. Damage to one of them shows as a difference.
 *
 * @param keys keys of all rows; those of the index if the rows cannot be read one by one
 * @param reasons what is wrong with the rows of an actor, by persistence id
 * @param wholeRows whether all rows are whole, so that the index can be built again from them
 */
record TableCheck(RowKeys keys, Map<String, String> reasons, boolean wholeRows) {

    private static final Logger LOG = LoggerFactory.getLogger(TableCheck.class);

    /**
     * Reads a table.
     *
     * @param onRow is called after each row that is verified
     * @throws StoreException if so much of the table is damaged that the damaged rows cannot be told from the others
     */
    static TableCheck of(StoredTable table, Connection connection, Database database, Runnable onRow)
            throws SQLException {
        Optional<RowKeys> rows = verifiedRows(table, connection, database, onRow);
        boolean isWhole = rows.isPresent() && rows.get().invalid().isEmpty();
        if (isWhole
                && attempt(connection, () -> table.searchedKeys(database, connection))
                        .equals(rows)) {
            return new TableCheck(rows.get(), Map.of(), true);
        }
        Optional<RowKeys> index = attempt(connection, () -> table.indexedKeys(database, connection));
        boolean hidesRows = index.equals(rows);
        if (isWhole && !hidesRows) {
            boolean hasLost = index.isPresent()
                    && index.get().hasKeysOutside(rows.get())
                    && !attempt(connection, () -> database.indexHasOnlyRows(connection, table))
                            .orElse(false);
            return new TableCheck(rows.get(), differences(table, rows.get(), index.orElse(RowKeys.NONE)), !hasLost);
        }
        if (index.isEmpty()) {
            throw tooDamaged(table, database);
        }
        Optional<RowKeys> keys = rows.isPresent() ? rows : attempt(connection, () -> table.keys(database, connection));
        Map<String, String> reasons =
                keys.map(found -> differences(table, found, index.get())).orElseGet(TreeMap::new);
        for (String id : idsOf(keys.orElse(index.get()), index.get())) {
            RowKeys verified = verify(table, connection, database, id, reasons);
            if (keys.isEmpty() && !verified.invalid().isEmpty()) {
                throw tooDamaged(table, database);
            }
            NavigableSet<Long> expected = keys.orElse(index.get()).sequenceNumbersOf(id);
            if (!verified.sequenceNumbersOf(id).equals(expected)) { // one damaged key can hide others
                reasons.putIfAbsent(id, "the index does not lead to every " + table.noun());
            }
        }
        rows.ifPresent(read -> read.invalid().forEach((id, numbers) -> reasons.put(id, wrongChecksum(table, numbers))));
        return new TableCheck(keys.orElse(index.get()), reasons, false);
    }

    private static Optional<RowKeys> verifiedRows(
            StoredTable table, Connection connection, Database database, Runnable onRow) throws SQLException {
        AtomicBoolean inListener = new AtomicBoolean(); // stays true if the listener fails
        Runnable marking = () -> {
            inListener.set(true);
            onRow.run();
            inListener.set(false);
        };
        return attempt(connection, () -> table.verifiedRows(database, connection, marking), inListener::get);
    }

    private static StoreException tooDamaged(StoredTable table, Database database) {
        return StoreException.damaged(
                database.name(),
                new SQLException("the rows and the index of the table " + table.table() + " are damaged"));
    }

    private static Map<String, String> differences(StoredTable table, RowKeys rows, RowKeys index) {
        Map<String, String> reasons = new TreeMap<>();
        for (String id : idsOf(rows, index)) {
            NavigableSet<Long> different = new TreeSet<>(rows.sequenceNumbersOf(id));
            different.removeAll(index.sequenceNumbersOf(id));
            index.sequenceNumbersOf(id).stream()
                    .filter(number -> !rows.sequenceNumbersOf(id).contains(number))
                    .forEach(different::add);
            if (!different.isEmpty()) {
                reasons.put(id, "the index and the table differ in " + table.describe(different));
            }
        }
        return reasons;
    }

    private static Set<String> idsOf(RowKeys keys, RowKeys index) {
        Set<String> ids = new HashSet<>(keys.sequenceNumbers().keySet());
        ids.addAll(index.sequenceNumbers().keySet());
        return ids;
    }

    /** Verifies the rows of one actor as the actor reads them, through the index, and adds what is wrong with them. */
    private static RowKeys verify(
            StoredTable table, Connection connection, Database database, String id, Map<String, String> reasons)
            throws SQLException {
        Optional<RowKeys> rows = attempt(connection, () -> table.verifiedRowsOf(database, connection, id));
        if (rows.isEmpty()) {
            reasons.put(id, "not every " + table.noun() + " can be read");
        } else if (!rows.get().invalid().isEmpty()) {
            NavigableSet<Long> numbers = new TreeSet<>(); // the key of a row may differ from that in the index
            rows.get().invalid().values().forEach(numbers::addAll);
            reasons.put(id, wrongChecksum(table, numbers));
        }
        return rows.orElse(RowKeys.NONE);
    }

    private static String wrongChecksum(StoredTable table, NavigableSet<Long> numbers) {
        return "the checksum does not match in " + table.describe(numbers);
    }

    /**
     * Returns empty if data cannot be read.
     *
     * @throws SQLException if the failure says nothing about the data
     */
    private static <R> Optional<R> attempt(Connection connection, Transaction.Query<R> query) throws SQLException {
        return attempt(connection, query, () -> false);
    }

    /**
     * Attempts a query like {@link #attempt(Connection, Transaction.Query)}.
     *
     * @param hasOtherCause whether a failure is none of the query, and is thrown again
     */
    private static <R> Optional<R> attempt(
            Connection connection, Transaction.Query<R> query, BooleanSupplier hasOtherCause) throws SQLException {
        Optional<Savepoint> before =
                connection.getAutoCommit() ? Optional.empty() : Optional.of(connection.setSavepoint());
        try {
            return Optional.of(query.run());
        } catch (SQLException | RuntimeException failure) {
            if (hasOtherCause.getAsBoolean()) {
                throw failure;
            }
            if (FailureCause.of(failure).isOfAccess() || !connection.isValid(1)) {
                throw new SQLException("the store could not be read", failure);
            }
            if (before.isPresent()) {
                connection.rollback(before.get()); // PostgreSQL refuses all queries after a failed one
            }
            LOG.debug("A table of the store cannot be read", failure);
            return Optional.empty();
        }
    }

    /**
     * What is wrong with the sequence of an actor's events; empty if they go on without a gap after its last snapshot,
     * or from the beginning if the actor has no snapshot.
     */
    static Optional<String> gap(NavigableSet<Long> events, NavigableSet<Long> snapshots) {
        long last = snapshots.isEmpty() ? 0 : snapshots.last();
        NavigableSet<Long> later = events.tailSet(last, false);
        return later.isEmpty() || (later.first() == last + 1 && later.last() == last + later.size())
                ? Optional.empty()
                : Optional.of("an event is missing between the events " + last + " and " + later.last());
    }
}
