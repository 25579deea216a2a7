package dev.reverie.actors.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.PostgresServer;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoredRow;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A backup of a store")
class StoreBackupTest {

    /** Rows that a writer adds while a backup is taken. */
    private static final int WRITES_MEANWHILE = 300;

    private static PostgresServer server;

    private Path folder;

    @BeforeEach
    void nameTheFolder(@TempDir Path temporary) {
        folder = temporary;
    }

    @BeforeAll
    static void startServer(@TempDir Path data) {
        server = PostgresServer.startedIn(data);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    /** The kinds of database that a store can use. */
    enum Kind {
        H2,
        POSTGRES
    }

    /** A database that can be opened as a store and by JDBC. */
    private record Place(String url, Optional<Path> folder) {

        Store open() {
            return folder.map(Store::inFolder).orElseGet(() -> Store.onPostgres(url, PostgresServer.USER, ""));
        }

        Connection connect() throws SQLException {
            return DriverManager.getConnection(url, folder.isPresent() ? "sa" : PostgresServer.USER, "");
        }
    }

    private Place place(Kind kind, String name) {
        Path path = folder.resolve(name);
        return switch (kind) {
            case H2 ->
                new Place("jdbc:h2:file:" + path.resolve("reverie") + ";DATABASE_TO_UPPER=FALSE", Optional.of(path));
            case POSTGRES -> new Place(server.newDatabase(), Optional.empty());
        };
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("restores all rows and the factor into a database of either kind")
    void isRestoredAnywhere(Kind kind) throws IOException {
        // given
        byte[] backup;
        try (Store store = place(kind, "original").open()) {
            fill(store);
            backup = backupOf(store);
        }

        for (Kind target : Kind.values()) {
            try (Store restored = place(target, "restored").open()) {
                // when
                BackupSummary summary = StoreRestore.restore(Backups.reader(backup), restored);

                // then
                assertThat(summary.classes()).isEqualTo(2);
                assertThat(rowsOf(restored))
                        .isEqualTo(Backups.rows().stream().sorted(Backups.ORDER).toList());
                restored.requireFactor(2);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("holds the rows of the moment at which it began, even if they are deleted while it is read")
    void holdsOneMoment(Kind kind) throws Exception {
        // given
        Place place = place(kind, "store");
        try (Store store = place.open();
                Connection connection = place.connect()) {
            fill(store);
            reuseSpaceAtOnce(kind, connection);
            List<StoredRow> before = rowsOf(store);

            // when
            ByteArrayOutputStream backup = new ByteArrayOutputStream();
            try (BackupStream stream = BackupStream.of(store.maintenance().view(), Backups.HEADER.taken())) {
                for (int index = 0; index < 2; index++) {
                    store.erase("class|" + index).toCompletableFuture().join();
                }
                for (int number = 0; number < 50; number++) {
                    append(connection, "class|9", number, 100_000);
                    store.trim("class|9", number).toCompletableFuture().join();
                }
                write(stream, backup);
            }

            // then
            assertThat(Backups.rowsOf(Backups.reader(backup.toByteArray()))).isEqualTo(before);
        }
    }

    private static void reuseSpaceAtOnce(Kind kind, Connection connection) throws SQLException {
        if (kind == Kind.H2) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("SET RETENTION_TIME 0");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("taken while others write holds all that was durable when it began, and no part of a transaction")
    void isWholeUnderWrites(Kind kind) throws Exception {
        Place place = place(kind, "store");
        try (Store store = place.open();
                Connection connection = place.connect()) {
            // given
            AtomicLong durable = new AtomicLong();
            AtomicBoolean ended = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> {
                writePairs(connection, durable);
                ended.set(true);
            });

            do {
                // when
                long least = durable.get();
                List<StoredRow> rows = Backups.rowsOf(Backups.reader(backupOf(store)));

                // then
                long[] ones = numbers(rows, "class|1");
                assertThat(ones)
                        .isEqualTo(LongStream.rangeClosed(1, ones.length).toArray());
                assertThat(numbers(rows, "class|2")).isEqualTo(ones);
                assertThat(ones.length).isGreaterThanOrEqualTo((int) least);
            } while (!ended.get());
            writer.join();
            assertThat(durable).hasValue(WRITES_MEANWHILE);
        }
    }

    private static long[] numbers(List<StoredRow> rows, String owner) {
        return rows.stream()
                .filter(row -> row.persistenceId().equals(owner))
                .mapToLong(StoredRow::sequenceNumber)
                .toArray();
    }

    /** Appends an event to each of two classes in one transaction, many times. */
    private static void writePairs(Connection connection, AtomicLong durable) {
        try {
            connection.setAutoCommit(false);
            for (int number = 1; number <= WRITES_MEANWHILE; number++) {
                append(connection, "class|2", number, 2_000);
                append(connection, "class|1", number, 2_000);
                connection.commit();
                durable.set(number);
            }
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is refused while a class has lost an event, unless this class is left out")
    void refusesDamage(Kind kind) throws Exception {
        Place place = place(kind, "store");
        try (Store store = place.open();
                Connection connection = place.connect()) {
            // given
            fill(store);
            try (Statement statement = connection.createStatement()) {
                statement.execute("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'class|1'"
                        + " AND \"sequence_number\" = 6");
            }

            // then
            assertThatThrownBy(() -> backupOf(store))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("has damaged rows of class|1: ");
            try (BackupStream stream = BackupStream.ofWholeRows(
                    store.maintenance().viewOfWholeRows(), Backups.HEADER.taken(), List.of())) {
                ByteArrayOutputStream backup = new ByteArrayOutputStream();
                write(stream, backup);
                assertThat(Backups.rowsOf(Backups.reader(backup.toByteArray())))
                        .extracting(StoredRow::persistenceId)
                        .containsOnly("class|0", "registry");
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("is not restored into a store that has rows")
    void isRestoredIntoEmptyStoresOnly(Kind kind) throws IOException {
        try (Store store = place(kind, "store").open()) {
            fill(store);
            List<StoredRow> before = rowsOf(store);

            assertThatThrownBy(() -> StoreRestore.restore(Backups.reader(Backups.complete()), store))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + store.name() + " is not empty: name a new folder or an empty database");
            assertThat(rowsOf(store)).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("that is damaged leaves the store empty, so that another backup can be restored")
    void isRestoredAsAWhole(Kind kind) throws IOException {
        byte[] complete = Backups.complete();
        try (Store store = place(kind, "store").open()) {
            assertThatThrownBy(() ->
                            StoreRestore.restore(Backups.reader(Arrays.copyOf(complete, complete.length - 1)), store))
                    .isInstanceOf(BackupException.class);
            assertThat(rowsOf(store)).isEmpty();

            StoreRestore.restore(Backups.reader(complete), store);
            assertThat(rowsOf(store)).hasSameSizeAs(Backups.rows());
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("whose rows are not whole in the store leaves the store empty")
    void isVerifiedBeforeItIsDurable(Kind kind) throws IOException {
        List<StoredRow> gap = Backups.rows().stream()
                .filter(row -> !row.persistenceId().equals("class|1") || row.sequenceNumber() != 6)
                .toList();
        try (Store store = place(kind, "store").open()) {
            assertThatThrownBy(() -> StoreRestore.restore(Backups.reader(Backups.of(gap)), store))
                    .isInstanceOf(StoreException.class)
                    .hasMessage("the store " + store.name()
                            + " does not contain what was written to it: check its disk, and use another place");
            assertThat(rowsOf(store)).isEmpty();
        }
    }

    @Test
    @DisplayName("of a PostgreSQL server leaves out only the class whose rows the server can't read")
    void leavesOutUnreadableRows() throws Exception {
        // given
        Place place = place(Kind.POSTGRES, "store");
        StoredRow small = new StoredRow.Snapshot("class|1", 1, 0, 0, "", ByteString.fromString("in the row itself"));
        ByteString large = ByteString.fromArray(new byte[100_000]);
        try (Store store = place.open();
                StoreLoader loader = store.maintenance().load()) {
            loader.add(small);
            loader.add(new StoredRow.Snapshot("class|2", 1, 0, 0, "", large));
            loader.commit();
        }
        String file;
        try (Connection connection = place.connect();
                ResultSet path = connection
                        .createStatement()
                        .executeQuery("SELECT pg_relation_filepath(reltoastrelid) FROM pg_class"
                                + " WHERE relname = 'snapshot'")) {
            path.next();
            file = path.getString(1);
        }
        server.overwrite(file, new byte[8192 - 1]);

        // then
        try (Store store = place.open();
                BackupStream stream = BackupStream.ofWholeRows(
                        store.maintenance().viewOfWholeRows(), Backups.HEADER.taken(), List.of())) {
            ByteArrayOutputStream backup = new ByteArrayOutputStream();
            write(stream, backup);
            assertThat(Backups.rowsOf(Backups.reader(backup.toByteArray()))).containsExactly(small);
        }
    }

    private static void fill(Store store) {
        try (StoreLoader loader = store.maintenance().load()) {
            Backups.rows().forEach(loader::add);
            loader.commit();
        }
        store.requireFactor(2);
    }

    private static void append(Connection connection, String owner, int number, int bytes) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO \"event_journal\""
                + " (\"persistence_id\", \"sequence_number\", \"writer\", \"write_timestamp\","
                + " \"adapter_manifest\", \"event_payload\", \"event_ser_id\", \"event_ser_manifest\")"
                + " VALUES (?, ?, '', 0, '', ?, 0, '')")) {
            insert.setString(1, owner);
            insert.setInt(2, number);
            insert.setBytes(3, ByteString.fromString("x".repeat(bytes)).toArray());
            insert.executeUpdate();
        }
    }

    private static byte[] backupOf(Store store) {
        ByteArrayOutputStream backup = new ByteArrayOutputStream();
        try (BackupStream stream = BackupStream.of(store.maintenance().view(), Backups.HEADER.taken())) {
            write(stream, backup);
        }
        return backup.toByteArray();
    }

    private static void write(BackupStream stream, ByteArrayOutputStream backup) {
        for (Optional<ByteString> chunk = stream.next(); chunk.isPresent(); chunk = stream.next()) {
            backup.writeBytes(chunk.get().toArray());
        }
    }

    private static List<StoredRow> rowsOf(Store store) throws IOException {
        return Backups.rowsOf(Backups.reader(backupOf(store)));
    }
}
