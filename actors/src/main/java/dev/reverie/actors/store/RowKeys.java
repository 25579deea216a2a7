package dev.reverie.actors.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The keys of the rows that a query has found.
 *
 * @param sequenceNumbers sequence numbers of the rows by persistence id
 * @param invalid those of the rows whose checksum does not match or whose key is missing or not unique
 */
record RowKeys(Map<String, NavigableSet<Long>> sequenceNumbers, Map<String, NavigableSet<Long>> invalid) {

    static final RowKeys NONE = new RowKeys(Map.of(), Map.of());

    /**
     * Reads rows of a persistence id, a sequence number and whether the checksum matches.
     *
     * @param onRow is called after each row
     */
    static RowKeys of(ResultSet rows, Runnable onRow) throws SQLException {
        Map<String, NavigableSet<Long>> sequenceNumbers = new HashMap<>();
        Map<String, NavigableSet<Long>> invalid = new HashMap<>();
        while (rows.next()) {
            Optional<String> stored = Optional.ofNullable(rows.getString(1)); // damage can make it NULL
            String persistenceId = stored.orElse("");
            long number = rows.getLong(2);
            boolean first = sequenceNumbers
                    .computeIfAbsent(persistenceId, id -> new TreeSet<>())
                    .add(number);
            if (stored.isEmpty() || !first || !rows.getBoolean(3)) {
                invalid.computeIfAbsent(persistenceId, id -> new TreeSet<>()).add(number);
            }
            onRow.run();
        }
        return new RowKeys(sequenceNumbers, invalid);
    }

    /** Whether there is a key that other rows do not have. */
    boolean hasKeysOutside(RowKeys others) {
        return sequenceNumbers.entrySet().stream()
                .anyMatch(numbers -> !others.sequenceNumbersOf(numbers.getKey()).containsAll(numbers.getValue()));
    }

    /** Number of different keys. */
    long count() {
        return sequenceNumbers.values().stream().mapToLong(Set::size).sum();
    }

    /** Sequence numbers of an actor's rows, in order. */
    NavigableSet<Long> sequenceNumbersOf(String persistenceId) {
        return sequenceNumbers.getOrDefault(persistenceId, new TreeSet<>());
    }
}
