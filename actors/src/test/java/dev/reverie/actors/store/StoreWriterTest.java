package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.apache.pekko.Done;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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
                new PostgresDatabase(StoreWriterTest.POSTGRES.url(), PostgresServer.USER, "", new ServerLock.OfNode());
        };
    }

    private static StoreWriter.Write event(String owner, long number) {
        return (_, rows) -> rows.add(
                new StoredRow.Event(owner, number, false, "w", 0, "", 0, "", ByteString.fromArray(new byte[100])));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("commits together what has queued up, without the writes of which the database refuses a row")
    void commitsGroups(Kind kind) throws Exception {
        try (StoreWriter writer = StoreWriter.open(database(kind))) {
            writer.write(event("class|0", 1)).toCompletableFuture().join();
            long before = pagesInLog(kind);
            List<CompletableFuture<Done>> writes = writeTogether(writer, 50);

            assertThatThrownBy(() -> writes.getFirst().join())
                    .satisfies(failure ->
                            assertThat(FailureCause.of(failure).isOfOneWrite()).isTrue());
            writes.subList(1, 50).forEach(CompletableFuture::join);
            assertThat(writer.call(StoreRows::count)).isEqualTo(50);
            assertThat(pagesInLog(kind) - before).isLessThan(20);
        }
    }

    /** Writes one event each of actors with the numbers from 0, while the writer is busy. */
    private static List<CompletableFuture<Done>> writeTogether(StoreWriter writer, int actors) {
        CountDownLatch queued = new CountDownLatch(1);
        CompletionStage<Boolean> blocking = writer.submit(_ -> {
            try {
                queued.await();
                return true;
            } catch (InterruptedException interrupted) {
                throw new SQLException(interrupted);
            }
        });
        List<CompletableFuture<Done>> writes = new ArrayList<>();
        for (int number = 0; number < actors; number++) {
            writes.add(writer.write(event("class|" + number, 1)).toCompletableFuture());
        }
        queued.countDown();
        blocking.toCompletableFuture().join();
        return writes;
    }

    /** The pages in the log, which grows with each transaction; 0 on a server, which counts with a delay. */
    private long pagesInLog(Kind kind) throws IOException {
        return switch (kind) {
            case SQLITE -> Files.size(folder.resolve(Store.FILE + "-wal")) / 4096;
            case POSTGRES -> 0;
        };
    }

    @ParameterizedTest
    @EnumSource(names = "POSTGRES")
    @DisplayName("writes on another connection if its own one is lost, also if it was lost in the middle of a group")
    void reconnects(Kind kind) throws Exception {
        try (StoreWriter writer = StoreWriter.open(database(kind))) {
            terminateOthers();
            writer.write(event("class|0", 1)).toCompletableFuture().join();

            AtomicBoolean once = new AtomicBoolean();
            CompletionStage<Done> written = writer.write((connection, rows) -> {
                event("class|1", 1).run(connection, rows);
                rows.send();
                if (!once.getAndSet(true)) {
                    terminateOthers();
                }
                event("class|1", 2).run(connection, rows);
            });

            written.toCompletableFuture().join();
            assertThat(writer.call(StoreRows::count)).isEqualTo(3);
        }
    }

    private static void terminateOthers() throws SQLException {
        try (Connection other = DriverManager.getConnection(POSTGRES.url(), PostgresServer.USER, "");
                Statement statement = other.createStatement()) {
            statement.execute("SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
                    + " WHERE datname = current_database() AND pid <> pg_backend_pid()");
        }
    }

    @ParameterizedTest
    @EnumSource(names = "POSTGRES")
    @DisplayName("keeps its connection, and the lock that it holds, while the server stalls for seconds")
    void survivesStalls(Kind kind) throws Exception {
        try (StoreWriter writer = StoreWriter.open(database(kind))) {
            String before = writer.call(StoreWriterTest::backend);
            POSTGRES.server().freeze();
            CompletionStage<Done> written = writer.write(event("class|0", 1));
            try {
                LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(3)); // longer than a check of the connection waits
            } finally {
                POSTGRES.server().thaw();
            }
            written.toCompletableFuture().join();
            assertThat(writer.call(StoreWriterTest::backend)).isEqualTo(before);
        }
    }

    private static String backend(Connection connection) throws SQLException {
        return String.valueOf(StoreRows.number(connection, "SELECT pg_backend_pid()"));
    }

    @Test
    @DisplayName("fails at once only after failures in a row, between which no read has succeeded")
    void readsEndFailures() throws SQLException {
        Database database = database(Kind.SQLITE);
        try (StoreWriter writer = StoreWriter.open(database);
                StoreReaders readers = new StoreReaders(database, writer.breaker())) {
            for (int time = 0; time < 10; time++) {
                writer.breaker().onFailure(new SQLException("Input/output error"));
                readers.read(StoreRows::count).toCompletableFuture().join();
            }
            writer.write(event("class|0", 1)).toCompletableFuture().join();
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
                        .satisfies(
                                failure -> assertThat(FailureCause.of(failure).isOfOneWrite())
                                        .isTrue());
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
