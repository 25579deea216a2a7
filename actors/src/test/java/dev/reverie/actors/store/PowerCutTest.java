package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A power cut while the store is compacted")
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PowerCutTest {

    private static final int CUTS = 12;
    /** Rows that are alive at any time. */
    private static final int ALIVE = 200;

    @Test
    @DisplayName("loses only what was written after the last flush, or says how much more it has lost")
    void keepsWhatWasFlushed(@TempDir Path folder) throws Exception {
        FaultyDisk.reset();
        SplittableRandom random = new SplittableRandom(7);
        AtomicInteger written = new AtomicInteger();
        AtomicInteger flushed = new AtomicInteger();
        FaultyDisk.beforeFlush(() -> flushed.set(written.get()));
        int missing = 0;
        int whole = 0;
        try (Store store = Store.inFolder(folder, FaultyDisk.PREFIX);
                Connection connection = connect(FaultyDisk.PREFIX + folder.resolve("reverie"))) {
            store.startCompaction(InstantSource.system());
            for (int cut = 0; cut < CUTS; cut++) {
                // given
                int goal = flushed.get() + random.nextInt(ALIVE);
                while (flushed.get() <= goal) {
                    if (written.get() - flushed.get() > 2 * ALIVE) {
                        LockSupport.parkNanos(1_000_000); // until the next flush
                    } else {
                        replaceRow(store, connection, written);
                    }
                }
                for (int later = random.nextInt(10, 60); later > 0; later--) {
                    replaceRow(store, connection, written);
                }

                // when
                Path copy = Files.createDirectory(folder.resolve("cut-" + cut));
                int end = flushed.get();
                missing += FaultyDisk.cutPower(copy.resolve("reverie.mv.db"), random);

                // then
                long lostWrites = H2TruncationCheck.requireComplete(copy.resolve("reverie.mv.db"), "copy");
                boolean hasAll = hasRows(copy, Math.max(0, written.get() - ALIVE), end);
                assertThat(hasAll || lostWrites > 0).as("cut %s", cut).isTrue();
                whole += hasAll ? 1 : 0;
            }
        }
        assertThat(missing).as("writes that did not reach the disk").isGreaterThan(CUTS);
        assertThat(whole).as("cuts after which nothing was lost").isGreaterThan(CUTS / 2);
    }

    /** Writes a row, and deletes the one that was written {@link #ALIVE} rows before. */
    private static void replaceRow(Store store, Connection connection, AtomicInteger written) throws SQLException {
        int number = written.get();
        append(connection, number);
        written.set(number + 1);
        store.trim("class|0", number - ALIVE).toCompletableFuture().join();
    }

    /** Whether the rows are there as they were written. */
    private static boolean hasRows(Path copy, int from, int end) throws SQLException {
        try (Store _ = Store.inFolder(copy);
                Connection connection = connect(copy.resolve("reverie").toString());
                ResultSet rows = connection
                        .createStatement()
                        .executeQuery("SELECT \"sequence_number\", \"event_payload\" FROM \"event_journal\""
                                + " WHERE \"sequence_number\" BETWEEN " + from + " AND " + (end - 1)
                                + " ORDER BY \"sequence_number\"")) {
            for (int number = from; number < end; number++) {
                if (!rows.next()) {
                    return false;
                }
                assertThat(rows.getInt(1)).isEqualTo(number);
                assertThat(rows.getBytes(2)).isEqualTo(payload(number));
            }
            return true;
        }
    }

    private static Connection connect(String path) throws SQLException {
        return DriverManager.getConnection("jdbc:h2:file:" + path + ";DATABASE_TO_UPPER=FALSE", "sa", "");
    }

    private static byte[] payload(int number) {
        SplittableRandom random = new SplittableRandom(number);
        byte[] payload = new byte[random.nextInt(1, 4_000)];
        random.nextBytes(payload);
        return payload;
    }

    private static void append(Connection connection, int number) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO \"event_journal\""
                + " (\"persistence_id\", \"sequence_number\", \"writer\", \"write_timestamp\","
                + " \"adapter_manifest\", \"event_payload\", \"event_ser_id\", \"event_ser_manifest\")"
                + " VALUES ('class|0', ?, '', 0, '', ?, 0, '')")) {
            insert.setInt(1, number);
            insert.setBytes(2, payload(number));
            insert.executeUpdate();
        }
    }
}
