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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The result of reading one table of the store in two ways: row by row, which verifies the checksums, and through the
 * index of the primary key, which the actors use. Damage to one of them shows as a difference.
 *
 * @param keys keys of all rows; those of the index if the rows cannot be read one by one
 * @param reasons what is wrong with the rows of an actor, by persistence id
 * @param wholeRows whether all rows are whole, so that the index can be built again from them
 */
record TableAudit(RowKeys keys, Map<String, String> reasons, boolean wholeRows) {

    private static final Logger LOG = LoggerFactory.getLogger(TableAudit.class);

    private static final String CHECKSUM = "the checksum of a row does not match";
    private static final String UNREADABLE = "a row cannot be read";
    private static final String INDEX = "the index does not match the rows";

    /** A query on the table. */
    @FunctionalInterface
    private interface Query {
        RowKeys read(Connection connection) throws SQLException;
    }

    /**
     * Reads a table.
     *
     * @throws StoreException if so much of the table is damaged that the damaged rows cannot be told from the others
     */
    static TableAudit of(StoredTable table, Connection connection, String store) throws SQLException {
        Optional<RowKeys> rows = attempt(connection, table::verifiedRows);
        Optional<RowKeys> index = attempt(connection, table::indexedKeys);
        if (rows.isPresent() && rows.get().invalid().isEmpty()) {
            boolean none = index.filter(indexed -> indexed.count() > rows.get().count())
                    .isPresent();
            return new TableAudit(rows.get(), differences(rows.get(), index.orElse(RowKeys.NONE)), !none);
        }
        if (index.isEmpty()) {
            throw tooDamaged(table, store);
        }
        Optional<RowKeys> keys = rows.isPresent() ? rows : attempt(connection, table::keys);
        Map<String, String> reasons =
                keys.map(found -> differences(found, index.get())).orElseGet(TreeMap::new);
        for (String id : idsOf(keys.orElse(index.get()), index.get())) {
            verify(table, connection, id).ifPresent(reason -> reasons.put(id, reason));
        }
        rows.ifPresent(read -> read.invalid().forEach(id -> reasons.put(id, CHECKSUM)));
        if (keys.isEmpty() && reasons.containsValue(CHECKSUM)) {
            throw tooDamaged(table, store);
        }
        return new TableAudit(keys.orElse(index.get()), reasons, false);
    }

    private static StoreException tooDamaged(StoredTable table, String store) {
        return StoreException.damaged(
                store, new SQLException("the rows and the index of the table " + table.table() + " are damaged"));
    }

    private static Map<String, String> differences(RowKeys rows, RowKeys index) {
        Map<String, String> reasons = new TreeMap<>();
        for (String id : idsOf(rows, index)) {
            if (!rows.of(id).equals(index.of(id))) {
                reasons.put(id, INDEX);
            }
        }
        return reasons;
    }

    private static Set<String> idsOf(RowKeys keys, RowKeys index) {
        Set<String> ids = new HashSet<>(keys.sequenceNumbers().keySet());
        ids.addAll(index.sequenceNumbers().keySet());
        return ids;
    }

    /** Verifies the rows of one actor as the actor reads them, through the index. */
    private static Optional<String> verify(StoredTable table, Connection connection, String id) throws SQLException {
        return attempt(connection, any -> table.verifiedRowsOf(any, id))
                .map(rows -> rows.invalid().isEmpty() ? Optional.<String>empty() : Optional.of(CHECKSUM))
                .orElse(Optional.of(UNREADABLE));
    }

    /** Returns empty if data cannot be read; H2 fails with any exception if a page is damaged. */
    private static Optional<RowKeys> attempt(Connection connection, Query query) throws SQLException {
        Optional<Savepoint> before =
                connection.getAutoCommit() ? Optional.empty() : Optional.of(connection.setSavepoint());
        try {
            return Optional.of(query.read(connection));
        } catch (SQLException | RuntimeException | AssertionError | StackOverflowError failure) {
            if (before.isPresent()) {
                connection.rollback(before.get()); // PostgreSQL refuses all queries after a failed one
            }
            if (connection.isValid(1) && !StoreFailure.isDiskError(failure)) {
                LOG.debug("A table of the store cannot be read", failure);
                return Optional.empty();
            }
            throw new SQLException("the store could not be read", failure);
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
