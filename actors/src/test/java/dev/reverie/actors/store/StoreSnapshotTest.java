package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.apache.pekko.util.ByteString;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A snapshot of a store")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class StoreSnapshotTest {
    private static final long PAUSE_NS = 10_000_000;

    /** So many that a check of them takes long enough to be cancelled. */
    private static final int ROWS = 200_000;

    @ParameterizedTest(name = "interrupted: {0}")
    @ValueSource(booleans = {false, true})
    @DisplayName("in a folder cancels the check of its rows when it is closed, even by an interrupted thread")
    void cancelsInAFolder(boolean interrupted, @TempDir Path folder) throws InterruptedException {
        try (Store store = Store.inFolder(folder)) {
            fill(store, ROWS);
            CountDownLatch begun = new CountDownLatch(1);
            AtomicInteger verified = new AtomicInteger();
            StoreSnapshot snapshot = store.snapshotOfWholeRows((_, _) -> {
                verified.incrementAndGet();
                begun.countDown();
            });
            CompletableFuture<StoreDamage> check = CompletableFuture.supplyAsync(snapshot::damage);
            begun.await();

            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            snapshot.close();

            assertThat(Thread.interrupted()).isEqualTo(interrupted);
            assertThatThrownBy(check::join).hasCauseInstanceOf(CancellationException.class);
            assertThat(verified).hasValueLessThan(ROWS);
        }
    }

    @Test
    @DisplayName("on a server cancels the check of its rows when it is closed")
    void cancelsOnAServer(@TempDir Path folder) throws Exception {
        try (PostgresServer server = PostgresServer.startedIn(folder)) {
            String url = server.newDatabase();
            try (Store store = Store.onPostgres(url, PostgresServer.USER, "");
                    Connection connection = DriverManager.getConnection(url, PostgresServer.USER, "");
                    Statement other = connection.createStatement()) {
                StoreSnapshot snapshot = store.snapshotOfWholeRows((_, _) -> {});
                connection.setAutoCommit(false);
                other.execute("LOCK TABLE event_journal IN ACCESS EXCLUSIVE MODE");
                CompletableFuture<StoreDamage> check = CompletableFuture.supplyAsync(snapshot::damage);
                while (!waitsForALock(other)) {
                    LockSupport.parkNanos(PAUSE_NS);
                }

                snapshot.close();

                assertThatThrownBy(check::join).hasCauseInstanceOf(CancellationException.class);
            }
        }
    }

    @Test
    @DisplayName("in a folder tells how many rows it has verified")
    void tellsProgress(@TempDir Path folder) {
        List<Long> told = new ArrayList<>();
        try (Store store = Store.inFolder(folder)) {
            fill(store, 1_000);

            try (StoreSnapshot snapshot = store.snapshotOfWholeRows((rows, total) -> {
                assertThat(total).isEqualTo(1_000);
                told.add(rows);
            })) {
                assertThat(snapshot.damage().reasons()).isEmpty();
            }
        }

        assertThat(told)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 1_000).boxed().toList());
    }

    @Test
    @DisplayName("fails if its listener does, which is no damage")
    void listenerFails(@TempDir Path folder) {
        try (Store store = Store.inFolder(folder)) {
            fill(store, 1);
            for (Throwable failure : List.of(new IllegalStateException("stopped"), new AssertionError("stopped"))) {
                try (StoreSnapshot snapshot = store.snapshotOfWholeRows((_, _) -> fail(failure))) {
                    assertThatThrownBy(snapshot::damage).isSameAs(failure);
                }
            }
        }
    }

    private static boolean waitsForALock(Statement statement) throws SQLException {
        try (ResultSet waiting = statement.executeQuery("SELECT 1 FROM pg_locks WHERE NOT granted")) {
            return waiting.next();
        }
    }

    private static void fail(Throwable failure) {
        switch (failure) {
            case RuntimeException exception -> throw exception;
            case Error error -> throw error;
            default -> throw new IllegalArgumentException(failure);
        }
    }

    private static void fill(Store store, int rows) {
        try (StoreLoader loader = store.load()) {
            for (int number = 1; number <= rows; number++) {
                loader.add(new StoredRow.Snapshot("class|0", number, 0, 0, "", ByteString.emptyByteString()));
            }
            loader.commit();
        }
    }
}
