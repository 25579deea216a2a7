package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.CapturedLog;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The primary key of a table of the store")
class H2PrimaryKeyTest {

    private static final String COLUMNS = " (\"persistence_id\", \"sequence_number\")";
    private static final String INSERT_SNAPSHOT = "INSERT INTO \"snapshot\" (\"persistence_id\","
            + " \"sequence_number\", \"created\", \"snapshot_ser_id\", \"snapshot_ser_manifest\","
            + " \"snapshot_payload\") VALUES ('class|3', 5, 0, 0, '', X'00')";

    private Path folder;

    @BeforeEach
    void createTheStore(@TempDir Path temporary) {
        folder = temporary;
        Store.inFolder(folder).close();
    }

    @ParameterizedTest(name = "{0} statements, index {1}")
    @CsvSource({
        "1, event_journal_rebuilt",
        "2, event_journal_rebuilt",
        "3, event_journal_rebuilt",
        "1, rebuilt",
        "2, rebuilt",
        "3, rebuilt"
    })
    @DisplayName("is whole when the store is opened after a kill between two statements of a rebuild, by any version")
    void survivesKills(int statements, String index) throws SQLException {
        List<String> rebuild = List.of(
                "CREATE INDEX \"" + index + "\" ON \"event_journal\"" + COLUMNS,
                "ALTER TABLE \"event_journal\" DROP PRIMARY KEY",
                "ALTER TABLE \"event_journal\" ADD PRIMARY KEY" + COLUMNS);
        try (Connection connection = connect()) {
            execute(connection, rebuild.subList(0, statements));
        }

        Store.inFolder(folder).close();

        assertThat(indices(StoredTable.EVENTS)).containsExactlyElementsOf(indicesOfNewStore());
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("can be rebuilt repeatedly, without the loss of a row")
    void isRebuilt(StoredTable table) throws SQLException {
        List<String> before = indices(table);

        try (Connection connection = connect()) {
            JournalInsert.event(connection, "class|3", 1, new byte[1]);
            execute(connection, List.of(INSERT_SNAPSHOT));
            table.rebuildIndex(connection);
            table.rebuildIndex(connection);
        }

        assertThat(indices(table)).containsExactlyElementsOf(before);
        assertThat(rows(table)).isEqualTo(1);
    }

    @Test
    @DisplayName("remains if the deletion of damaged rows fails")
    void survivesFailures() throws SQLException {
        try (Connection connection = connect()) {
            assertThatThrownBy(() -> new H2PrimaryKey(connection, StoredTable.EVENTS).rebuild(() -> {
                        throw new SQLException("a page cannot be read");
                    }))
                    .hasMessage("a page cannot be read");
        }
        assertThat(indices(StoredTable.EVENTS)).containsExactlyElementsOf(indicesOfNewStore());
    }

    @Test
    @DisplayName("is built as soon as rows with equal keys, which prevent it, are gone, while the store is used")
    void waitsForUniqueRows() throws SQLException {
        try (CapturedLog log = new CapturedLog(H2PrimaryKey.class)) {
            addEqualSnapshots();
            assertThat(log.take()).singleElement().asString().contains("no class can store a snapshot");
        }
        assertThat(indices(StoredTable.SNAPSHOTS)).containsExactly("snapshot_rebuilt");

        try (Store store = Store.inFolder(folder)) {
            assertThat(store.damage().of("class|3")).isPresent();
            store.erase("class|3").toCompletableFuture().join();
        }

        assertThat(indices(StoredTable.SNAPSHOTS)).hasSize(1).allMatch(name -> name.startsWith("PRIMARY_KEY"));
    }

    @Test
    @DisplayName("can be rebuilt again, although rows with equal keys have prevented it")
    void isRebuiltAgain() throws SQLException {
        addEqualSnapshots();

        try (Connection connection = connect()) {
            StoredTable.SNAPSHOTS.deleteDamagedRows(connection, "class|2");
            assertThat(indices(StoredTable.SNAPSHOTS)).containsExactly("snapshot_rebuilt");
            StoredTable.SNAPSHOTS.deleteDamagedRows(connection, "class|3");
        }

        assertThat(indices(StoredTable.SNAPSHOTS)).hasSize(1).allMatch(name -> name.startsWith("PRIMARY_KEY"));
    }

    private void addEqualSnapshots() throws SQLException {
        try (Connection connection = connect()) {
            new H2PrimaryKey(connection, StoredTable.SNAPSHOTS).rebuild(() -> {
                execute(connection, List.of(INSERT_SNAPSHOT, INSERT_SNAPSHOT));
                return 0;
            });
        }
    }

    private List<String> indicesOfNewStore() throws SQLException {
        Path other = folder.resolve("new");
        Store.inFolder(other).close();
        return indices(other, StoredTable.EVENTS);
    }

    private List<String> indices(StoredTable table) throws SQLException {
        return indices(folder, table);
    }

    /** Names of the indices without the numbers that H2 gives them. */
    private static List<String> indices(Path folder, StoredTable table) throws SQLException {
        try (Connection connection = StoreFile.in(folder).connect();
                Statement statement = connection.createStatement();
                ResultSet names = statement.executeQuery("SELECT INDEX_NAME FROM INFORMATION_SCHEMA.INDEXES WHERE"
                        + " TABLE_NAME = '" + table.table() + "' ORDER BY INDEX_NAME")) {
            List<String> found = new ArrayList<>();
            while (names.next()) {
                found.add(names.getString(1).replaceAll("_[0-9A-F]+$", ""));
            }
            return found;
        }
    }

    private long rows(StoredTable table) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM \"" + table.table() + "\"")) {
            assertThat(count.next()).isTrue();
            return count.getLong(1);
        }
    }

    private Connection connect() throws SQLException {
        return StoreFile.in(folder).connect();
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }
}
