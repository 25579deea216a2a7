package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The upkeep of a store in a folder")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class UpkeepTest {

    private static final long MEBIBYTE = 1 << 20;
    private static final int EVENT_BYTES = 16_000;

    @TempDir
    private Path folder = Path.of("");

    @Test
    @DisplayName("shrinks the file when rows are deleted, and empties the log when nothing is written")
    void shrinksAfterDeletes() throws Exception {
        try (Store store = Store.inFolder(folder)) {
            append(20, 1_000);
            long before = Files.size(folder.resolve(Store.FILE));
            for (int owner = 0; owner < 19; owner++) {
                store.erase("class|" + owner).toCompletableFuture().join();
            }

            store.startUpkeep(System::nanoTime);

            assertThat(before).isGreaterThan(14 * MEBIBYTE);
            awaitFileSmallerThan(4 * MEBIBYTE);
            while (Files.size(folder.resolve(Store.FILE + "-wal")) > 0) {
                LockSupport.parkNanos(10_000_000);
            }
            assertThat(store.size().toCompletableFuture().join()).isEqualTo(50L * EVENT_BYTES);
        }
    }

    @Test
    @DisplayName("keeps the file in proportion to its content, and the content as it was, while rows come and go")
    void keepsProportion() throws Exception {
        try (Store store = Store.inFolder(folder, Flush.SECOND)) {
            store.startUpkeep(System::nanoTime);
            try (Connection connection = StoreFile.in(folder).connect()) {
                for (int number = 1; number <= 2_000; number++) {
                    JournalInsert.event(connection, "class|" + number % 10, number, payload(number));
                    if (number % 50 == 0) {
                        store.trim("class|" + number / 50 % 10, number - 200)
                                .toCompletableFuture()
                                .join();
                    }
                }
            }
            long content = store.size().toCompletableFuture().join();
            awaitFileSmallerThan(2 * content);
            assertThat(store.size().toCompletableFuture().join()).isEqualTo(content);
        }
        try (Store _ = Store.inFolder(folder);
                Connection connection = StoreFile.in(folder).connect();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT sequence_number, event_payload FROM event_journal")) {
            while (rows.next()) {
                assertThat(rows.getBytes(2)).isEqualTo(payload(rows.getInt(1)));
            }
        }
    }

    private void append(int owners, int events) throws SQLException {
        try (Connection connection = StoreFile.in(folder).connect()) {
            connection.setAutoCommit(false);
            for (int number = 1; number <= events; number++) {
                JournalInsert.event(connection, "class|" + number % owners, number, payload(number));
            }
            connection.setAutoCommit(true);
        }
    }

    private static byte[] payload(int number) {
        byte[] payload = new byte[EVENT_BYTES];
        new SplittableRandom(number).nextBytes(payload);
        return payload;
    }

    private void awaitFileSmallerThan(long bytes) throws IOException {
        while (Files.size(folder.resolve(Store.FILE)) > bytes) {
            LockSupport.parkNanos(10_000_000);
        }
    }
}
