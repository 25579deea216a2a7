package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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

@DisplayName("A store whose disk fails to write what the operating system has accepted")
class FailedFlushTest {

    private static final String DISK_ERROR = "Input/output error";

    private final SplittableRandom random = new SplittableRandom(5);
    private int rows;

    @BeforeEach
    void useFaultyDisk() {
        FaultyDisk.reset();
    }

    @Test
    @DisplayName("writes it again, so that all committed rows outlast a power cut after the next flush")
    void writesAgain(@TempDir Path folder, @TempDir Path afterPowerCut) throws Exception {
        Database database = Database.h2("store", FaultyDisk.PREFIX + folder.resolve("reverie"));
        try (StoreConnection _ = StoreConnection.open(database)) {
            try (Connection connection = database.connect()) {
                append(connection);
                H2Compaction.of(connection).free();
                append(connection);
                FaultyDisk.failFlushes(DISK_ERROR);
                assertThatThrownBy(H2Compaction.of(connection)::free).isInstanceOf(MVStoreException.class);
            }
            FaultyDisk.repair();

            try (Connection connection = database.connect()) {
                append(connection);
                H2Compaction.of(connection).free();
                FaultyDisk.cutPower(List.of(afterPowerCut), random);
            }
        }

        Database left = Database.h2("left", afterPowerCut.resolve("reverie").toString());
        try (StoreConnection _ = StoreConnection.open(left);
                Connection connection = left.connect()) {
            assertThat(rowsOf(connection)).isEqualTo(rows);
        }
    }

    @Test
    @DisplayName(
            "returns to a whole version, at least that of the last flush, if the operating system no longer has it")
    void returnsToWholeVersion(@TempDir Path folder) throws Exception {
        Database database = Database.h2("store", FaultyDisk.PREFIX + folder.resolve("reverie"));
        Path file = folder.resolve(Store.FILE);
        try (StoreConnection _ = StoreConnection.open(database)) {
            int flushed;
            try (Connection connection = database.connect()) {
                append(connection);
                H2Compaction.of(connection).free();
                flushed = rows;
                long end = Files.size(file);
                append(connection);
                FaultyDisk.failFlushes(DISK_ERROR);
                assertThatThrownBy(H2Compaction.of(connection)::free).isInstanceOf(MVStoreException.class);
                fillWithZeros(file, end);
            }
            FaultyDisk.repair();

            try (Connection connection = database.connect()) {
                assertThat(rowsOf(connection)).isBetween(flushed, rows - 1);
            }
        }
    }

    private static void fillWithZeros(Path file, long from) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(Math.toIntExact(channel.size() - from)), from);
        }
    }

    @Test
    @DisplayName("commits nothing until a flush succeeds again")
    void commitsNothing(@TempDir Path folder) throws Exception {
        Database database = Database.h2("store", FaultyDisk.PREFIX + folder.resolve("reverie"));
        try (StoreConnection _ = StoreConnection.open(database)) {
            Connection open = database.connect();
            append(open);
            FaultyDisk.failFlushes(DISK_ERROR);

            assertThatThrownBy(H2Compaction.of(open)::free).isInstanceOf(MVStoreException.class);

            int committed = rows;
            assertThatThrownBy(() -> append(open)).isInstanceOf(SQLException.class);
            assertThatThrownBy(database::connect).rootCause().hasMessage(DISK_ERROR);
            FaultyDisk.repair();
            try (Connection connection = database.connect()) {
                assertThat(rowsOf(connection)).isEqualTo(committed);
            }
        }
    }

    private void append(Connection connection) throws SQLException {
        for (int row = 0; row < 20; row++) {
            byte[] payload = new byte[random.nextInt(100, 20_000)];
            random.nextBytes(payload);
            JournalInsert.event(connection, "class|0", rows + 1, payload);
            rows++;
        }
    }

    private static int rowsOf(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet payloads = statement.executeQuery("SELECT \"event_payload\" FROM \"event_journal\"")) {
            int read = 0;
            while (payloads.next()) {
                read += payloads.getBytes(1).length > 0 ? 1 : 0;
            }
            return read;
        }
    }
}
