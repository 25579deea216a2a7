package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The check of a stopped store")
class OfflineCheckTest {

    private static final int EVENTS = 6;
    private static final long ROWS = 18;
    /** More rows than a server sends at a time. */
    private static final int MANY = 3000;

    private static final List<String> ACTORS = List.of("class|1", "class|2", "registry");

    private Path folder;
    private final List<Long> progress = new ArrayList<>();

    @BeforeEach
    void fill(@TempDir Path temporary) {
        folder = temporary;
        try (Store store = Store.inFolder(folder)) {
            load(store);
        }
    }

    private static void load(Store store) {
        try (StoreLoader loader = store.load()) {
            for (String actor : ACTORS) {
                for (int number = 1; number <= EVENTS; number++) {
                    loader.add(new StoredRow.Event(
                            actor, number, false, "w", 5, "", 52_837, "samples-admitted:1", payload(actor, number)));
                }
            }
            loader.commit();
        }
    }

    private static ByteString payload(String actor, int number) {
        return ByteString.fromString(("<" + actor.replace('|', '/') + "/" + number + ">").repeat(1000));
    }

    private OfflineCheck.Report check() {
        return new OfflineCheck("store", "registry", (rows, total) -> progress.add(rows * 100 / total))
                .inFolder(folder);
    }

    @Test
    @DisplayName("reads every row, returns those of one actor, and changes nothing")
    void readsAll() throws IOException {
        byte[] before = StoreFile.in(folder).bytes();
        Files.delete(folder.resolve("lock"));

        OfflineCheck.Report report = check();

        assertThat(report.isWhole()).isTrue();
        assertThat(report.rows()).isEqualTo(ROWS);
        assertThat(report.hasChecksums()).isTrue();
        assertThat(report.copiedRows())
                .hasSize(EVENTS)
                .extracting(StoredRow::persistenceId)
                .containsOnly("registry");
        assertThat(progress).hasSize((int) ROWS).isSorted().endsWith(100L);
        assertUnchanged(before);
    }

    private void assertUnchanged(byte[] before) throws IOException {
        assertThat(StoreFile.in(folder).bytes()).isEqualTo(before);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(folder.resolve("reverie.db"));
        }
    }

    @Test
    @DisplayName("names the class and the event whose payload is damaged")
    void namesPayloads() throws IOException {
        StoreFile.in(folder).replaceAll("<class/2/4>", "<class/2/5>");

        OfflineCheck.Report report = check();

        assertThat(report.damage().reasons())
                .containsOnlyKeys("class|2")
                .containsEntry("class|2", "the checksum does not match in event 4");
        assertThat(report.hasWholeRows()).isFalse();
    }

    @Test
    @DisplayName("names the class whose key is damaged, in a row or in the index")
    void namesKeys() throws IOException {
        byte[] whole = StoreFile.in(folder).bytes();
        Set<Boolean> wholeRows = new HashSet<>();
        int keys = StoreFile.in(folder).count("class|1");
        for (int key = 0; key < keys; key++) {
            StoreFile.in(folder).write(whole);
            StoreFile.in(folder).replace("class|1", key, "class|7");

            OfflineCheck.Report report = check();

            if (!report.isWhole()) { // else this part of the file is no longer in use
                assertThat(report.damage().reasons()).containsKey("class|1").doesNotContainKey("class|2");
                wholeRows.add(report.hasWholeRows());
            }
        }
        assertThat(wholeRows).as("whether the rows are whole").containsExactlyInAnyOrder(true, false);
    }

    @Test
    @DisplayName("copies no rows of an actor that is damaged")
    void copiesWholeRows() throws IOException {
        StoreFile.in(folder).replaceAll("<registry/3>", "<rEgistry/3>");
        assertThat(check().copiedRows()).isEmpty();
    }

    @Test
    @DisplayName("refuses a file that is empty or none of SQLite, and changes nothing")
    void refuses() throws IOException {
        Files.delete(folder.resolve("lock"));
        for (byte[] damaged :
                List.of(new byte[0], "something else ".repeat(1000).getBytes(StandardCharsets.UTF_8))) {
            StoreFile.in(folder).write(damaged);

            assertThatThrownBy(this::check)
                    .isInstanceOf(StoreException.class)
                    .hasMessageStartingWith("the store store is damaged and cannot be opened");
            assertUnchanged(damaged);
        }
    }

    @Test
    @DisplayName("does not take a file that has lost its end for whole, and changes nothing")
    void noticesLostEnds() throws IOException {
        byte[] whole = StoreFile.in(folder).bytes();
        Files.delete(folder.resolve("lock"));
        for (int length : new int[] {100, 10_000, 100_000}) {
            byte[] damaged = Arrays.copyOf(whole, length);
            StoreFile.in(folder).write(damaged);

            assertThat(isWhole())
                    .as("with %d bytes of %d", length, whole.length)
                    .isFalse();
            assertUnchanged(damaged);
        }
    }

    /** Whether the check finds nothing; false if it refuses the store. */
    private boolean isWhole() {
        try {
            return check().isWhole();
        } catch (StoreException refused) {
            return false;
        }
    }

    @Test
    @DisplayName("refuses a store that is in use, and checks a store while another check reads it")
    void refusesUsedStores() throws IOException {
        try (Store _ = Store.inFolder(folder)) {
            assertThatThrownBy(this::check)
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store store is in use by another process: stop that process, or choose another"
                            + " folder");
        }
        assertThat(check().isWhole()).isTrue();
    }

    @Test
    @DisplayName("reads a database of a server, and creates nothing in one without a store")
    void readsServers(@TempDir Path data) {
        try (PostgresServer server = PostgresServer.startedIn(data)) {
            String url = server.newDatabase();
            OfflineCheck check = new OfflineCheck(url, "registry", (rows, total) -> {});
            for (int round = 0; round < 2; round++) {
                assertThatThrownBy(() -> check.onPostgres(url, PostgresServer.USER, ""))
                        .isInstanceOf(StoreException.class)
                        .hasMessage("the database " + url + " contains no store: name the database of a store");
            }

            try (Store store = Store.onPostgres(url, PostgresServer.USER, "")) {
                load(store);
                assertThatThrownBy(() -> check.onPostgres(url, PostgresServer.USER, ""))
                        .hasMessageContaining("is in use by another process");
            }

            OfflineCheck.Report report = check.onPostgres(url, PostgresServer.USER, "");
            assertThat(report.isWhole()).isTrue();
            assertThat(report.rows()).isEqualTo(ROWS);
            assertThat(report.copiedRows()).hasSize(EVENTS);
        }
    }

    @Test
    @DisplayName("tells of the first rows in a database of a server before it has read the last ones")
    void tellsEarly(@TempDir Path data) {
        try (PostgresServer server = PostgresServer.startedIn(data)) {
            String url = server.newDatabase();
            try (Store store = Store.onPostgres(url, PostgresServer.USER, "");
                    StoreLoader loader = store.load()) {
                for (int number = 1; number <= MANY; number++) {
                    loader.add(new StoredRow.Snapshot("class|1", number, 0, 0, "", ByteString.emptyByteString()));
                }
                loader.commit();
            }
            OfflineCheck check = new OfflineCheck(url, "registry", (rows, _) -> {
                progress.add(rows);
                if (rows == 1) {
                    endOtherConnections(url);
                }
            });

            assertThatThrownBy(() -> check.onPostgres(url, PostgresServer.USER, ""))
                    .isInstanceOf(StoreException.class);

            assertThat(progress).isNotEmpty().hasSizeLessThan(MANY);
        }
    }

    private static void endOtherConnections(String url) {
        try (Connection connection = DriverManager.getConnection(url, PostgresServer.USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }
}
