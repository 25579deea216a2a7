package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.SplittableRandom;
import org.h2.mvstore.MVStoreException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A store on a disk that is full for a while")
class FailedWriteIT {

    private static final int TIMES_FULL = 40;
    /** Maximum number of writes and compactions before the disk is full. */
    private static final int MAX_STEPS = 200;
    /** Maximum number of times that the file is opened while the disk is full. */
    private static final int MAX_ATTEMPTS = 10;
    /** Maximum size of a row in bytes. The file becomes large enough to be compacted. */
    private static final int MAX_BYTES = 60_000;

    private static final List<String> DISK_FULL = List.of("No space left on device");

    private final SplittableRandom random = new SplittableRandom(4);
    private int firstRow = 1;
    private int committed;

    @BeforeEach
    void useFaultyDisk() {
        FaultyDisk.reset();
    }

    @Test
    @DisplayName("keeps every committed row, however often its file is opened while writes and flushes fail")
    void keepsCommittedRows(@TempDir Path folder) throws Exception {
        Database database = Database.h2("store", FaultyDisk.PREFIX + folder.resolve("reverie"));
        try (StoreConnection _ = StoreConnection.open(database)) {
            for (int time = 0; time < TIMES_FULL; time++) {
                try (Connection connection = database.connect()) {
                    H2Compaction compaction = H2Compaction.of(connection);
                    for (int step = random.nextInt(MAX_STEPS); step > 0; step--) {
                        writeOrCompact(connection, compaction);
                    }
                    deleteOlderHalf(connection);
                    compaction.free();
                }

                for (int attempt = random.nextInt(1, MAX_ATTEMPTS); attempt > 0; attempt--) {
                    FaultyDisk.failSometimes(random.split(), random.nextInt(1, 12), DISK_FULL);
                    writeUntilFailure(database);
                }
                FaultyDisk.repair();

                try (Connection connection = database.connect()) {
                    requireCommittedRows(connection);
                }
            }
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .filteredOn(name -> name.startsWith("H2-lob-cleaner"))
                .as("threads of databases that were closed by a failure")
                .isEmpty();
    }

    private void writeUntilFailure(Database database) {
        try (Connection connection = database.connect()) {
            requireCommittedRows(connection);
            H2Compaction compaction = H2Compaction.of(connection);
            for (int step = random.nextInt(10); step > 0; step--) {
                writeOrCompact(connection, compaction);
            }
        } catch (SQLException | MVStoreException full) {
            // The last step was not reported as done.
        }
    }

    private void writeOrCompact(Connection connection, H2Compaction compaction) throws SQLException {
        switch (random.nextInt(10)) {
            case 0 -> compaction.shrink(Integer.MAX_VALUE);
            case 1 -> compaction.free();
            case 2 -> compaction.rewrite(1 << random.nextInt(14, 21));
            default -> append(connection, random.nextInt(100, MAX_BYTES));
        }
    }

    private void append(Connection connection, int bytes) throws SQLException {
        byte[] payload = new byte[bytes];
        random.nextBytes(payload);
        JournalInsert.event(connection, "class|0", committed + 1, payload);
        committed++;
    }

    private void deleteOlderHalf(Connection connection) throws SQLException {
        int middle = (firstRow + committed) / 2;
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate("DELETE FROM \"event_journal\" WHERE \"sequence_number\" < " + middle);
        }
        firstRow = middle;
    }

    private void requireCommittedRows(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(
                        "SELECT max(\"sequence_number\"), count(*) FROM \"event_journal\" WHERE \"sequence_number\" >= "
                                + firstRow)) {
            rows.next();
            int last = rows.getInt(1);
            assertThat(last).as("last row").isBetween(committed, committed + 1);
            assertThat(rows.getInt(2)).as("rows").isEqualTo(last - firstRow + 1);
            committed = last;
        }
    }
}
