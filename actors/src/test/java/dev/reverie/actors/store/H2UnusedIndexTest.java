package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.h2.mvstore.MVMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store of an earlier version, which has an index that nothing uses,")
class H2UnusedIndexTest {

    private static final int EVENTS = 5;

    private Path folder;

    @BeforeEach
    void createTheStore(@TempDir Path temporary) throws SQLException {
        folder = temporary;
        Store.inFolder(folder).close();
        try (Connection connection = StoreFile.in(folder).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("ALTER TABLE \"event_journal\" ADD CONSTRAINT \"any\" UNIQUE (\"ordering\")");
            statement.execute("ALTER TABLE \"event_tag\" ADD FOREIGN KEY (\"event_id\")"
                    + " REFERENCES \"event_journal\" (\"ordering\") ON DELETE CASCADE");
            for (int event = 1; event <= EVENTS; event++) {
                JournalInsert.event(connection, "class|0", event, new byte[event]);
            }
        }
    }

    @Test
    @DisplayName("deletes old events although that index is damaged")
    void survivesDamage() throws SQLException {
        // given
        damageTheIndex();

        // when
        try (Store store = Store.inFolder(folder)) {
            assertThat(store.damage().of("class|0")).isEmpty();
            store.erase("class|0").toCompletableFuture().join();
        }

        // then
        try (Connection connection = StoreFile.in(folder).connect()) {
            assertThat(count(connection, "\"event_journal\"")).isZero();
        }
    }

    @Test
    @DisplayName("keeps its events, and has the same tables and indices as a new store when it is opened")
    void hasNewSchema(@TempDir Path other) throws SQLException {
        // when
        Store.inFolder(folder).close();

        // then
        Store.inFolder(other).close();
        try (Connection opened = StoreFile.in(folder).connect();
                Connection created = StoreFile.in(other).connect()) {
            assertThat(count(opened, "\"event_journal\"")).isEqualTo(EVENTS);
            for (String objects : new String[] {"TABLES", "INDEXES", "TABLE_CONSTRAINTS"}) {
                assertThat(count(opened, "INFORMATION_SCHEMA." + objects))
                        .as(objects)
                        .isEqualTo(count(created, "INFORMATION_SCHEMA." + objects));
            }
        }
    }

    /** Removes an entry of the index, so that H2 cannot delete the event. */
    private void damageTheIndex() throws SQLException {
        try (Connection connection = StoreFile.in(folder).connect();
                Statement statement = connection.createStatement()) {
            MVMap<Object, Object> index = JournalIndexes.map(connection, "any");
            index.remove(index.firstKey());
            assertThatThrownBy(() -> statement.execute("DELETE FROM \"event_journal\""))
                    .isInstanceOf(SQLException.class);
        }
    }

    private static long count(Connection connection, String table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet count = statement.executeQuery("SELECT COUNT(*) FROM " + table)) {
            assertThat(count.next()).isTrue();
            return count.getLong(1);
        }
    }
}
