package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Verifies that all rows of a store are whole: the checksum of each row matches, the index has exactly these rows, and
 * the events of each actor go on without a gap. Databases do not detect such damage by themselves: a flipped bit in a
 * key hides a row from the actor that wrote it.
 */
final class IntegrityCheck {

    private static final Logger LOG = LoggerFactory.getLogger(IntegrityCheck.class);

    /** Time-out of a query on a server, which may read the payloads of hundreds of rows before it sends anything. */
    private static final int PATIENCE_MILLIS = 600_000;

    private final Database database;
    private final Map<StoredTable, TableCheck> tables;

    private IntegrityCheck(Database database, Map<StoredTable, TableCheck> tables) {
        this.database = database;
        this.tables = tables;
    }

    /**
     * Reads all rows, of a store on a server in a transaction of {@link Database#connectReader}: the two ways in which
     * a table is read must see the same rows.
     *
     * @param onRow is called after each row
     * @throws StoreException if so much is damaged that the damaged rows cannot be told from the others
     */
    static IntegrityCheck of(Connection connection, Database database, Runnable onRow) throws SQLException {
        int timeout = database.onServer() ? connection.getNetworkTimeout() : 0;
        if (timeout > 0) {
            connection.setNetworkTimeout(Runnable::run, Math.max(timeout, PATIENCE_MILLIS));
        }
        Map<StoredTable, TableCheck> tables = new EnumMap<>(StoredTable.class);
        for (StoredTable table : StoredTable.values()) {
            tables.put(table, TableCheck.of(table, connection, database, onRow));
        }
        if (timeout > 0) {
            connection.setNetworkTimeout(Runnable::run, timeout);
        }
        return new IntegrityCheck(database, tables);
    }

    /** Number of rows that could be read. */
    long rows() {
        return tables.values().stream().mapToLong(table -> table.keys().count()).sum();
    }

    /** Reports the damage in the log, and builds a damaged index again if its rows are whole. */
    StoreDamage report(Connection connection) throws SQLException {
        if (hasWholeRows()) {
            rebuildIndexes(connection);
            return new StoreDamage(Map.of(), actors());
        }
        StoreDamage damage = damage();
        damage.reasons()
                .forEach((id, reason) -> LOG.warn(
                        "The store {} has damaged rows of the actor '{}': {}. Nothing in them is changed.",
                        database.name(),
                        id,
                        reason));
        return damage;
    }

    /** The actors whose rows are damaged. */
    StoreDamage damage() {
        Map<String, String> reasons = new TreeMap<>(gaps());
        tables.values().forEach(table -> reasons.putAll(table.reasons()));
        return new StoreDamage(reasons, actors());
    }

    private Set<String> actors() {
        Set<String> actors = new HashSet<>();
        tables.values()
                .forEach(table -> actors.addAll(table.keys().sequenceNumbers().keySet()));
        return actors;
    }

    private Map<String, String> gaps() {
        Map<String, String> gaps = new TreeMap<>();
        RowKeys events = keys(StoredTable.EVENTS);
        RowKeys snapshots = keys(StoredTable.SNAPSHOTS);
        for (String id : events.sequenceNumbers().keySet()) {
            TableCheck.gap(events.sequenceNumbersOf(id), snapshots.sequenceNumbersOf(id))
                    .ifPresent(gap -> gaps.put(id, gap));
        }
        return gaps;
    }

    private RowKeys keys(StoredTable table) {
        return Objects.requireNonNull(tables.get(table)).keys();
    }

    /**
     * Whether all rows are whole. If there is damage nevertheless, only an index is damaged. An index of damaged rows
     * may be the only trace of a lost row, so it must not be built again.
     */
    boolean hasWholeRows() {
        return gaps().isEmpty() && tables.values().stream().allMatch(TableCheck::wholeRows);
    }

    /** Builds each index again that differs from its rows. */
    private void rebuildIndexes(Connection connection) throws SQLException {
        for (Map.Entry<StoredTable, TableCheck> checked : tables.entrySet()) {
            if (!checked.getValue().reasons().isEmpty()) {
                database.rebuildIndex(connection, checked.getKey());
                LOG.warn(
                        "An index of the store {} was damaged. It has been built again from the rows of the table {},"
                                + " which are whole, so no data is lost. Check the disk, because it may damage other"
                                + " data.",
                        database.name(),
                        checked.getKey().table());
            }
        }
    }
}
