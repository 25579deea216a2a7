package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The integrity check of a store")
class IntegrityCheckTest {
    private static final int EVENTS = 5;
    private Database database;

    @AutoClose
    private Connection connection;

    @BeforeEach
    void fillTheStore(@TempDir Path folder) throws SQLException {
        database = new SqliteDatabase("store", folder.resolve("reverie.db"), Flush.ALWAYS);
        StoreWriter.open(database).close();
        connection = database.connectWriter();
        for (int event = 1; event <= EVENTS; event++) {
            for (String owner : new String[] {"class|0", "class|1"}) {
                JournalInsert.event(connection, owner, event, new byte[1]);
            }
        }
    }

    @Test
    @DisplayName("finds that the index can be built again if it lacks a row")
    void repairsIncompleteIndices() throws SQLException {
        withoutIndex(() -> JournalInsert.event(connection, "class|0", EVENTS + 1, new byte[1]));

        IntegrityCheck check = IntegrityCheck.of(connection, database, () -> {});
        assertThat(check.damage().reasons()).containsOnlyKeys("class|0");
        assertThat(check.hasWholeRows()).isTrue();

        assertThat(check.report(connection).reasons()).isEmpty();
        assertThat(IntegrityCheck.of(connection, database, () -> {}).damage().reasons())
                .isEmpty();
    }

    @Test
    @DisplayName("finds that the index can be built again if one of its keys is damaged")
    void repairsDamagedKeys() throws SQLException {
        withoutIndex(() -> {
            execute("DELETE FROM event_journal WHERE rowid = 10");
            JournalInsert.event(connection, "class|7", 1, new byte[1]); // gets the same rowid
        });

        IntegrityCheck check = IntegrityCheck.of(connection, database, () -> {});

        assertThat(check.damage().reasons()).containsKeys("class|1", "class|7");
        assertThat(check.hasWholeRows()).isTrue();
    }

    @Test
    @DisplayName("names the actor of a row that only the index has, even if the index lacks another row")
    void namesLostRows() throws SQLException {
        withoutIndex(() -> {
            execute("DELETE FROM event_journal WHERE persistence_id = 'class|1' AND sequence_number = 2");
            JournalInsert.event(connection, "class|0", EVENTS + 1, new byte[1]);
        });

        IntegrityCheck check = IntegrityCheck.of(connection, database, () -> {});

        assertThat(check.hasWholeRows()).isFalse();
        assertThat(check.damage().reasons()).containsEntry("class|1", "the index and the table differ in event 2");
    }

    @Test
    @DisplayName("names the actors of rows to which the index does not lead, though it has all keys")
    void namesHiddenRows() throws SQLException {
        withoutIndex(() -> {
            execute("UPDATE event_journal SET rowid = 100 WHERE rowid = 3");
            execute("UPDATE event_journal SET rowid = 3 WHERE rowid = 4");
            execute("UPDATE event_journal SET rowid = 4 WHERE rowid = 100");
        });

        IntegrityCheck check = IntegrityCheck.of(connection, database, () -> {});

        assertThat(check.damage().reasons()).containsOnlyKeys("class|0", "class|1");
        assertThat(check.hasWholeRows()).isFalse();
    }

    @Test
    @DisplayName("lets a damaged class be erased, and the others have their index")
    void erasesDespiteTheIndex() throws SQLException {
        withoutIndex(() -> execute("UPDATE event_journal SET persistence_id = 'class|0'"
                + " WHERE persistence_id = 'class|1' AND sequence_number = 2"));
        assertThat(IntegrityCheck.of(connection, database, () -> {}).damage().reasons())
                .containsKey("class|1");

        database.eraseDamaged(connection, "class|1");

        IntegrityCheck check = IntegrityCheck.of(connection, database, () -> {});
        assertThat(check.damage().reasons()).isEmpty();
        assertThat(check.rows()).isEqualTo(EVENTS);
    }

    @Test
    @DisplayName(
            "takes a row for damaged if its checksum does not match, if its key is not unique, or if damage has made it NULL")
    void findsInvalidKeys() throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite::memory:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("VALUES ('class|0', 1, TRUE), ('class|0', 2, FALSE),"
                        + " ('class|1', 4, TRUE), ('class|1', 4, TRUE), (NULL, 5, TRUE)")) {
            assertThat(RowKeys.of(rows, () -> {}).invalid())
                    .isEqualTo(Map.of(
                            "class|0", new TreeSet<>(List.of(2L)),
                            "class|1", new TreeSet<>(List.of(4L)),
                            "", new TreeSet<>(List.of(5L))));
        }
    }

    /** Changes rows. */
    private interface Change {
        void run() throws SQLException;
    }

    /** Changes the table of the events while the database does not know its index. */
    private void withoutIndex(Change change) throws SQLException {
        String index = "name = 'event_journal_key'";
        execute(
                "CREATE TEMP TABLE known AS SELECT * FROM sqlite_schema WHERE " + index,
                "PRAGMA writable_schema = ON",
                "DELETE FROM sqlite_schema WHERE " + index,
                "PRAGMA writable_schema = RESET");
        change.run();
        execute(
                "PRAGMA writable_schema = ON",
                "INSERT INTO sqlite_schema SELECT * FROM known",
                "PRAGMA writable_schema = RESET");
    }

    private void execute(String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}
