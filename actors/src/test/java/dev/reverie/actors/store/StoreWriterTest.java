package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("The writer of a store")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class StoreWriterTest {

    @RegisterExtension
    static final PostgresPerClass POSTGRES = new PostgresPerClass();

    @TempDir
    Path folder = Path.of("");

    /** The databases. */
    enum Kind {
        SQLITE,
        POSTGRES
    }

    private Database database(Kind kind) {
        return switch (kind) {
            case SQLITE -> new SqliteDatabase("store", folder.resolve(Store.FILE), Flush.ALWAYS);
            case POSTGRES ->
                new PostgresDatabase(StoreWriterTest.POSTGRES.url(), PostgresServer.USER, "", new NodeLock());
        };
    }

    private static StoreWriter.Write event(String owner, long number) {
        return (_, rows) -> rows.add(
                new StoredRow.Event(owner, number, false, "w", 0, "", 0, "", ByteString.fromArray(new byte[100])));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("commits together what has queued up, and repeats each write alone if the database refuses a row")
    void commitsGroups(Kind kind) throws Exception {
        try (StoreWriter writer = StoreWriter.open(database(kind))) {
            writer.write(event("class|0", 1)).toCompletableFuture().join();
            CountDownLatch queued = new CountDownLatch(1);
            CompletableFuture<Boolean> blocking = CompletableFuture.supplyAsync(() -> block(writer, queued));
            List<CompletableFuture<Done>> writes = new ArrayList<>();
            for (int number = 0; number < 50; number++) {
                writes.add(writer.write(event("class|" + number, 1)).toCompletableFuture());
            }
            queued.countDown();
            blocking.join();

            assertThatThrownBy(() -> writes.getFirst().join())
                    .satisfies(failure -> assertThat(RefusedRow.causes(failure)).isTrue());
            writes.subList(1, 50).forEach(CompletableFuture::join);
            assertThat(writer.call(StoreRows::count)).isEqualTo(50);
        }
    }

    private static boolean block(StoreWriter writer, CountDownLatch latch) {
        try {
            return writer.call(_ -> {
                try {
                    latch.await();
                    return true;
                } catch (InterruptedException interrupted) {
                    throw new SQLException(interrupted);
                }
            });
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("fails at once after several failures in a row, which refused rows are not, and works again later")
    void pauses(Kind kind) {
        StoreWriter.Write failing = (_, _) -> {
            throw new SQLException("Input/output error");
        };
        try (StoreWriter writer = openQuietly(kind)) {
            writer.write(event("class|0", 1)).toCompletableFuture().join();
            for (int time = 0; time < 10; time++) {
                assertThatThrownBy(() -> writer.write(event("class|0", 1))
                                .toCompletableFuture()
                                .join())
                        .satisfies(failure ->
                                assertThat(RefusedRow.causes(failure)).isTrue());
            }
            for (int time = 0; time < 3; time++) {
                assertThatThrownBy(() ->
                                writer.write(failing).toCompletableFuture().join())
                        .hasMessageContaining("Input/output error");
            }
            assertThatThrownBy(() -> writer.write(event("class|0", 2))
                            .toCompletableFuture()
                            .join())
                    .hasMessageContaining("failed several times in a row");

            CompletableFuture<Done> written = writer.write(event("class|0", 2)).toCompletableFuture();
            while (written.isCompletedExceptionally()) {
                LockSupport.parkNanos(100_000_000);
                written = writer.write(event("class|0", 2)).toCompletableFuture();
                written.exceptionally(_ -> Done.getInstance()).join();
            }
        }
    }

    private StoreWriter openQuietly(Kind kind) {
        try {
            return StoreWriter.open(database(kind));
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "SQLITE")
    @DisplayName("reports that the disk is full as the reason, and writes again once there is room")
    void namesTheFirstFailure(Kind kind) throws Exception {
        try (StoreWriter writer = StoreWriter.open(database(kind))) {
            writer.call(connection -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute("PRAGMA max_page_count = 1"); // the present size
                }
            });
            StoreWriter.Write large = (_, rows) -> rows.add(new StoredRow.Event(
                    "class|0", 1, false, "w", 0, "", 0, "", ByteString.fromArray(new byte[1 << 20])));
            assertThatThrownBy(() -> writer.write(large).toCompletableFuture().join())
                    .satisfies(failure -> assertThat(StoreFailure.of(failure)).isEqualTo(StoreFailure.FULL));

            writer.call(connection -> {
                try (Statement statement = connection.createStatement()) {
                    return statement.execute("PRAGMA max_page_count = 100000");
                }
            });
            writer.write(large).toCompletableFuture().join();
        }
        assertThat(Files.size(folder.resolve(Store.FILE))).isGreaterThan(1 << 20);
    }
}
