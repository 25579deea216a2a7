package dev.reverie.actors.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.actors.store.JournalInsert;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreException;
import dev.reverie.actors.store.StoreLoader;
import dev.reverie.actors.store.StoredRow;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A backup of a store")
class StoreBackupTest extends AbstractStoreBackupTest {

    /** Rows that a writer adds while a backup is taken. */
    private static final int WRITES_MEANWHILE = 300;

    @ParameterizedTest
    @EnumSource
    @DisplayName("holds the rows of the moment at which it began, even if they are deleted while it is read")
    void holdsOneMoment(Kind kind) throws Exception {
        Place place = place(kind, "store");
        try (Store store = place.open();
                Connection connection = place.connect()) {
            fill(store);
            List<StoredRow> before = rowsOf(store);

            ByteArrayOutputStream backup = new ByteArrayOutputStream();
            try (BackupStream stream = BackupStream.of(store.snapshot(), Backups.HEADER.taken())) {
                for (int index = 0; index < 2; index++) {
                    store.erase("class|" + index).toCompletableFuture().join();
                }
                for (int number = 0; number < 50; number++) {
                    append(connection, "class|9", number, 100_000);
                    store.trim("class|9", number).toCompletableFuture().join();
                }
                write(stream, backup);
            }

            assertThat(Backups.rowsOf(Backups.reader(backup.toByteArray()))).isEqualTo(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("taken while others write holds all that was durable when it began, and no part of a transaction")
    void isWholeUnderWrites(Kind kind) throws Exception {
        Place place = place(kind, "store");
        try (Store store = place.open();
                Connection connection = place.connect()) {
            AtomicLong durable = new AtomicLong();
            AtomicBoolean ended = new AtomicBoolean();
            Thread writer = Thread.ofPlatform().start(() -> {
                try {
                    writePairs(connection, durable);
                } finally {
                    ended.set(true);
                }
            });

            do {
                long least = durable.get();
                List<StoredRow> rows = Backups.rowsOf(Backups.reader(backupOf(store)));

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
            fill(store);
            try (Statement statement = connection.createStatement()) {
                statement.execute("DELETE FROM \"event_journal\" WHERE \"persistence_id\" = 'class|1'"
                        + " AND \"sequence_number\" = 6");
            }

            assertThatThrownBy(() -> backupOf(store))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining("has damaged rows of class|1: ");
            try (BackupStream stream = BackupStream.ofWholeRows(
                    store.snapshotOfWholeRows((_, _) -> {}), Backups.HEADER.taken(), List.of())) {
                ByteArrayOutputStream backup = new ByteArrayOutputStream();
                write(stream, backup);
                assertThat(Backups.rowsOf(Backups.reader(backup.toByteArray())))
                        .extracting(StoredRow::persistenceId)
                        .containsOnly("class|0", "registry");
            }
        }
    }

    @Test
    @DisplayName("of a PostgreSQL server leaves out only the class whose rows the server cannot read")
    void leavesOutUnreadableRows() throws Exception {
        Place place = place(Kind.POSTGRES, "store");
        StoredRow small = new StoredRow.Snapshot("class|1", 1, 0, 0, "", ByteString.fromString("in the row itself"));
        ByteString large = ByteString.fromArray(new byte[100_000]);
        try (Store store = place.open();
                StoreLoader loader = store.load()) {
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
        POSTGRES.server().overwrite(file, new byte[8192 - 1]);

        try (Store store = place.open();
                BackupStream stream = BackupStream.ofWholeRows(
                        store.snapshotOfWholeRows((_, _) -> {}), Backups.HEADER.taken(), List.of())) {
            ByteArrayOutputStream backup = new ByteArrayOutputStream();
            write(stream, backup);
            assertThat(Backups.rowsOf(Backups.reader(backup.toByteArray()))).containsExactly(small);
        }
    }

    private static void append(Connection connection, String owner, int number, int bytes) throws SQLException {
        JournalInsert.event(
                connection,
                owner,
                number,
                ByteString.fromString("x".repeat(bytes)).toArray());
    }
}
