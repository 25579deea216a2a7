package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Drops the index of the column {@code ordering}. Stores of earlier versions have it, as in the schema of Pekko
 * Persistence, where only queries by tag use it. H2 changes every index of a row that it deletes, and
 * {@link IntegrityCheck} verifies only that of the primary key. After a power cut, a page of another index could
 * therefore be damaged unnoticed, and no event could be deleted any more.
 */
final class H2UnusedIndex {

    private H2UnusedIndex() {}

    /**
     * Drops the index if it exists, and the foreign key of the empty table {@code event_tag}, which needs it. If an
     * inner page of the index is damaged, H2 fails to free its pages and returns to an empty index; the index can be
     * dropped when the file is opened again.
     *
     * @return the damage that keeps the index from being dropped; empty if there is none
     */
    static Optional<SQLException> drop(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String constraint : uniqueConstraints(statement)) {
                try {
                    statement.execute("ALTER TABLE \"event_journal\" DROP CONSTRAINT \"" + constraint + "\" CASCADE");
                } catch (SQLException failure) {
                    if (AccessFailure.in(failure).isPresent()) {
                        throw failure;
                    }
                    return Optional.of(failure);
                }
            }
        }
        return Optional.empty();
    }

    private static List<String> uniqueConstraints(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet constraints =
                statement.executeQuery("SELECT CONSTRAINT_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS"
                        + " WHERE TABLE_NAME = 'event_journal' AND TABLE_SCHEMA = CURRENT_SCHEMA"
                        + " AND CONSTRAINT_TYPE = 'UNIQUE'")) {
            while (constraints.next()) {
                names.add(constraints.getString(1));
            }
        }
        return names;
    }
}
