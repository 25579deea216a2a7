package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A killed store that was flushed and written to again")
class FlushedVersionIT {

    private static final int CLASSES = 3;
    /** Events of each class that were flushed. */
    private static final int FLUSHED = 4;
    /** Events of each class. */
    private static final int EVENTS = 7;

    private Path folder;

    @BeforeEach
    void nameTheFolder(@TempDir Path temporary) {
        folder = temporary;
    }

    @Test
    @DisplayName("keeps every write if only an index is damaged")
    void keepsWritesIfAnIndexIsDamaged() throws Exception {
        kill();
        byte[] killed = StoreFile.in(folder).bytes();
        int keys = StoreFile.in(folder).count("class|1");
        int rebuilt = 0;
        for (int key = 0; key < keys; key++) {
            StoreFile.in(folder).write(killed);
            StoreFile.in(folder).replace("class|1", key, "class|7");
            boolean isIndex;
            try (Connection connection = StoreFile.in(folder).connect()) {
                IntegrityCheck check = IntegrityCheck.of(connection, "store");
                isIndex = check.hasWholeRows() && !check.damage().reasons().isEmpty();
            }

            StoreFile.in(folder).write(killed);
            StoreFile.in(folder).replace("class|1", key, "class|7");
            CheckReport report = check();
            Map<String, Integer> events = eventsAfterStart();

            if (isIndex) {
                assertThat(report.lostWrites()).as("key %d", key).isZero();
                assertThat(events)
                        .as("key %d", key)
                        .isEqualTo(Map.of("class|0", EVENTS, "class|1", EVENTS, "class|2", EVENTS));
                rebuilt++;
            }
        }
        assertThat(rebuilt).as("damaged indices").isPositive();
    }

    @Test
    @DisplayName("keeps every write of the other classes if rows were damaged before the flush")
    void keepsWritesIfOldRowsAreDamaged() throws Exception {
        kill();
        damage(1, FLUSHED);

        CheckReport report = check();

        assertThat(report.damage().reasons()).containsOnlyKeys("class|1");
        assertThat(report.lostWrites()).isZero();
        assertThat(eventsAfterStart()).containsEntry("class|0", EVENTS).containsEntry("class|2", EVENTS);
    }

    @Test
    @DisplayName("returns to the flush if a later row is not whole, and reports the lost writes")
    void returnsIfLaterRowsAreDamaged() throws Exception {
        kill();
        damage(2, EVENTS);

        CheckReport report = check();

        assertThat(report.damage().reasons()).isEmpty();
        assertThat(report.lostWrites()).isGreaterThanOrEqualTo((EVENTS - FLUSHED) * CLASSES);
        assertThat(eventsAfterStart()).isEqualTo(Map.of("class|0", FLUSHED, "class|1", FLUSHED, "class|2", FLUSHED));
    }

    @Test
    @DisplayName("returns to the flush if a later row is not whole, although a row was damaged before the flush")
    void returnsDespiteOldDamage() throws Exception {
        kill();
        damage(1, FLUSHED);
        damage(2, EVENTS);

        CheckReport report = check();

        assertThat(report.damage().reasons()).containsOnlyKeys("class|1");
        assertThat(report.lostWrites()).isPositive();
        assertThat(eventsAfterStart()).containsEntry("class|0", FLUSHED).containsEntry("class|2", FLUSHED);
    }

    @Test
    @DisplayName("is refused if it has another format, although the flushed version does not")
    void refusesOtherFormats() throws Exception {
        kill("UPDATE reverie_store SET format = 9");
        byte[] killed = StoreFile.in(folder).bytes();

        assertThatThrownBy(this::check).isInstanceOf(StoreException.class).hasMessageContaining("format 9");
        assertThatThrownBy(() -> Store.inFolder(folder))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("format 9");

        assertThat(StoreFile.in(folder).bytes()).isEqualTo(killed);
    }

    /** Fills a store, flushes it in between, and leaves its file as a kill does. */
    private void kill(String... lastStatements) throws IOException, SQLException {
        byte[] killed;
        Path used = Files.createDirectory(folder.resolve("used"));
        try (Store _ = Store.inFolder(used);
                Connection connection = StoreFile.in(used).connect()) {
            insert(connection, 1, FLUSHED);
            H2Compaction.of(connection).free();
            insert(connection, FLUSHED + 1, EVENTS);
            for (String statement : lastStatements) {
                connection.createStatement().execute(statement);
            }
            killed = StoreFile.in(used).bytes();
        }
        StoreFile.in(folder).write(killed);
    }

    private static void insert(Connection connection, int first, int last) throws SQLException {
        for (int event = first; event <= last; event++) {
            for (int number = 0; number < CLASSES; number++) {
                byte[] payload = content(number, event).repeat(400).getBytes(StandardCharsets.UTF_8);
                JournalInsert.event(connection, "class|" + number, event, payload);
            }
        }
    }

    private static String content(int number, int event) {
        return "<class/" + number + "/" + event + ">";
    }

    private void damage(int number, int event) throws IOException {
        String content = content(number, event);
        StoreFile.in(folder).replaceAll(content, content.replace("class", "other"));
    }

    private CheckReport check() {
        return new OfflineCheck("store", "registry", (rows, total) -> {}).inFolder(folder);
    }

    /** Number of events by class after the store was opened. */
    private Map<String, Integer> eventsAfterStart() throws SQLException {
        Map<String, Integer> events = new TreeMap<>();
        try (Store _ = Store.inFolder(folder);
                Connection connection = StoreFile.in(folder).connect();
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("SELECT \"persistence_id\", count(*) FROM \"event_journal\""
                                + " GROUP BY \"persistence_id\"")) {
            while (rows.next()) {
                events.put(rows.getString(1), rows.getInt(2));
            }
        }
        return events;
    }
}
