package dev.reverie.actors.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of the rows that a query has found.
 *
 * @param sequenceNumbers sequence numbers of the rows by persistence id
 * @param invalid persistence ids of rows whose checksum does not match
 */
record RowKeys(Map<String, NavigableSet<Long>> sequenceNumbers, Set<String> invalid) {

    static final RowKeys NONE = new RowKeys(Map.of(), Set.of());

    /** Reads rows of a persistence id, a sequence number and whether the checksum matches. */
    static RowKeys of(ResultSet rows) throws SQLException {
        Map<String, NavigableSet<Long>> sequenceNumbers = new HashMap<>();
        Set<String> invalid = new HashSet<>();
        while (rows.next()) {
            String persistenceId = rows.getString(1);
            boolean first = sequenceNumbers
                    .computeIfAbsent(persistenceId, id -> new TreeSet<>())
                    .add(rows.getLong(2));
            if (!first || !rows.getBoolean(3)) {
                invalid.add(persistenceId);
            }
        }
        return new RowKeys(sequenceNumbers, invalid);
    }

    /** Number of rows. */
    long count() {
        return sequenceNumbers.values().stream().mapToLong(Set::size).sum();
    }

    /** Sequence numbers of an actor's rows, in order. */
    NavigableSet<Long> of(String persistenceId) {
        return sequenceNumbers.getOrDefault(persistenceId, new TreeSet<>());
    }
}
