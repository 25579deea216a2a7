package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A power cut while the store is compacted")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class PowerCutTest {

    /** Power cuts one after the other, each of a store that has survived the one before. */
    private static final int ROUNDS = Integer.getInteger("reverie.cuts.rounds", 2);
    /** Different parts of the last writes that may have reached the disk before a power cut. */
    private static final int OUTCOMES = Integer.getInteger("reverie.cuts.outcomes", 6);
    /** Rows that are alive at any time. */
    private static final int ALIVE = 200;

    private static final long PAUSE_NS = 1_000_000;

    private final SplittableRandom random = new SplittableRandom(Long.getLong("reverie.cuts.seed", 2));
    /** Number of the next row. */
    private final AtomicInteger written = new AtomicInteger(1);
    /** Number of the first row that a power cut may lose. */
    private final AtomicInteger flushed = new AtomicInteger(1);
    /** Number of the first row that had not been written when the store last flushed its file. */
    private final AtomicInteger unwritten = new AtomicInteger(1);

    @Test
    @DisplayName("loses only what was written after the last flush")
    void keepsWhatWasFlushed(@TempDir Path temporary) throws Exception {
        int missing = 0;
        Path folder = Files.createDirectory(temporary.resolve("store"));
        createStore(folder);
        for (int round = 0; round < ROUNDS; round++) {
            FaultyDisk.reset();
            FaultyDisk.beforeFlush(this::flush);
            int end;
            List<Path> outcomes = new ArrayList<>();
            for (int outcome = 0; outcome < OUTCOMES; outcome++) {
                outcomes.add(Files.createDirectory(temporary.resolve("store-" + round + "-" + outcome)));
            }
            try (Store store = Store.inFolder(folder, FaultyDisk.PREFIX);
                    Connection connection = connectOnFaultyDisk(folder)) {
                store.startCompaction(System::nanoTime);
                writeUntilFlushed(store, connection, flushed.get() + random.nextInt(ALIVE));
                for (int later = random.nextInt(10, 60); later > 0; later--) {
                    replaceRow(store, connection);
                }

                end = flushed.get();
                missing += FaultyDisk.cutPower(outcomes, random);
            }

            folder = Files.createDirectory(temporary.resolve("store-" + round));
            Files.copy(outcomes.getLast().resolve(Store.FILE), folder.resolve(Store.FILE));
            int last = 0;
            for (Path outcome : outcomes) {
                last = lastRow(outcome, Math.max(1, written.get() - ALIVE));
                assertThat(last).as("last row in %s", outcome).isGreaterThanOrEqualTo(end - 1);
            }
            written.set(last + 1);
            flushed.set(last + 1);
            unwritten.set(last + 1);
        }
        assertThat(missing).as("writes that did not reach the disk").isGreaterThan(ROUNDS * OUTCOMES);
    }

    /** Creates a store with a snapshot of all events, so that no event that is deleted is missing. */
    private static void createStore(Path folder) throws SQLException {
        try (Store _ = Store.inFolder(folder);
                Connection connection = StoreFile.in(folder).connect();
                Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO \"snapshot\" (\"persistence_id\", \"sequence_number\", \"created\","
                    + " \"snapshot_ser_id\", \"snapshot_ser_manifest\", \"snapshot_payload\")"
                    + " VALUES ('class|0', " + Integer.MAX_VALUE + ", 0, 0, '', X'00')");
        }
    }

    /**
     * The last steps of a flush, which begins by writing what H2 has not written of the rows before it. So it comprises
     * the rows before the end of the last flush; later ones may have been too late for its first steps.
     */
    private void flush() {
        flushed.set(unwritten.get());
        unwritten.set(written.get());
    }

    private void writeUntilFlushed(Store store, Connection connection, int goal) throws SQLException {
        while (flushed.get() <= goal) {
            while (written.get() - flushed.get() > 2 * ALIVE) {
                LockSupport.parkNanos(PAUSE_NS);
            }
            replaceRow(store, connection);
        }
    }

    /** Writes a row, and deletes the one that was written {@link #ALIVE} rows before. */
    private void replaceRow(Store store, Connection connection) throws SQLException {
        int number = written.get();
        JournalInsert.event(connection, "class|0", number, payload(number));
        written.set(number + 1);
        store.trim("class|0", number - ALIVE).toCompletableFuture().join();
    }

    /** The number of the last row, if all rows are there as they were written, from the given one. */
    private static int lastRow(Path copy, int from) throws SQLException {
        try (Store _ = Store.inFolder(copy);
                Connection connection = StoreFile.in(copy).connect();
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("SELECT \"sequence_number\", \"event_payload\" FROM \"event_journal\""
                                + " WHERE \"sequence_number\" >= " + from + " ORDER BY \"sequence_number\"")) {
            int number = from;
            for (; rows.next(); number++) {
                assertThat(rows.getInt(1)).isEqualTo(number);
                assertThat(rows.getBytes(2)).isEqualTo(payload(number));
            }
            return number - 1;
        }
    }

    private static Connection connectOnFaultyDisk(Path folder) throws SQLException {
        return DriverManager.getConnection(
                "jdbc:h2:file:" + FaultyDisk.PREFIX + folder.resolve("reverie") + ";DATABASE_TO_UPPER=FALSE", "sa", "");
    }

    private static byte[] payload(int number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] payload = new byte[random.nextInt(1, 4_000)];
        random.nextBytes(payload);
        return payload;
    }
}
