package dev.reverie.actors.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Drops the index of the column {@code ordering}, and the table {@code event_tag} that refers to it. Stores of earlier
 * versions have both, as in the schema of Pekko Persistence, but only queries by tag use them. H2 changes every index
 * of a row that it deletes, and {@link IntegrityCheck} verifies only that of the primary key. After a power cut, a page
 * of another index could therefore be damaged unnoticed, and no event could be deleted any more.
 */
final class H2UnusedIndex {

    private H2UnusedIndex() {}

    /** Drops both, unless they do not exist. */
    static void drop(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS \"event_tag\"");
            for (String constraint : uniqueConstraints(statement)) {
                statement.execute("ALTER TABLE \"event_journal\" DROP CONSTRAINT \"" + constraint + "\"");
            }
        }
    }

    private static List<String> uniqueConstraints(Statement statement) throws SQLException {
        List<String> names = new ArrayList<>();
        try (ResultSet constraints =
                statement.executeQuery("SELECT CONSTRAINT_NAME FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS"
                        + " WHERE TABLE_NAME = 'event_journal' AND CONSTRAINT_TYPE = 'UNIQUE'")) {
            while (constraints.next()) {
                names.add(constraints.getString(1));
            }
        }
        return names;
    }
}
