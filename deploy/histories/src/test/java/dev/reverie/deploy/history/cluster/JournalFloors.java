package dev.reverie.deploy.history.cluster;

import dev.reverie.actors.store.PostgresServer;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;

/** Up to which event the journals in a database have been trimmed. */
final class JournalFloors {

    private final String database;

    JournalFloors(String database) {
        this.database = database;
    }

    /** Returns the numbers of the last events that were deleted, by persistence id. */
    Map<String, Long> read() {
        Map<String, Long> floors = new HashMap<>();
        try (Connection connection = DriverManager.getConnection(database, PostgresServer.USER, "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT persistence_id, floor FROM reverie_floor")) {
            while (rows.next()) {
                floors.put(rows.getString(1), rows.getLong(2));
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
        return floors;
    }

    /** Returns how many journals have been trimmed since an earlier reading. */
    int trimmedSince(Map<String, Long> before) {
        return (int) read().entrySet().stream()
                .filter(floor -> floor.getValue() > before.getOrDefault(floor.getKey(), 0L))
                .count();
    }

    /** Lets the database accept obsolete rows. */
    static void stopRejecting(String database) throws IOException {
        try (Connection connection = DriverManager.getConnection(database, PostgresServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TRIGGER reverie_floor ON event_journal");
            statement.execute("DROP TRIGGER reverie_floor ON snapshot");
        } catch (SQLException failure) {
            throw new IOException(failure);
        }
    }
}
