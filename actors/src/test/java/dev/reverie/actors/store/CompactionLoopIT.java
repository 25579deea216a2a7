package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.CapturedLog;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.h2.mvstore.type.LongDataType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The compaction of a store in a folder")
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class CompactionLoopIT {

    private static final long MEBIBYTE = 1 << 20;
    private static final int EVENT_BYTES = 16_000;

    private Path folder;

    @BeforeEach
    void nameTheFolder(@TempDir Path temporary) {
        folder = temporary;
    }

    @Test
    @DisplayName("shrinks the file when all rows are deleted and nothing else is written")
    void shrinksAfterDeletes() throws Exception {
        try (Store store = Store.inFolder(folder);
                Connection connection = connect()) {
            for (int number = 0; number < 4_000; number++) {
                append(connection, "class|" + number % 40, number);
            }
            long before = fileSize();

            for (int owner = 0; owner < 40; owner++) {
                store.erase("class|" + owner).toCompletableFuture().join();
            }
            store.startCompaction(System::nanoTime);

            assertThat(before).isGreaterThan(60 * MEBIBYTE);
            awaitFileSmallerThan(8 * MEBIBYTE);
        }
    }

    @Test
    @DisplayName("shrinks the file after many small commits that deleted nothing, and keeps every row")
    void shrinksAfterInserts() throws Exception {
        try (Store store = Store.inFolder(folder);
                Connection connection = connect()) {
            for (int number = 0; number < 4_000; number++) {
                touch(connection, number);
            }
            append(connection, "class|0", 1);
            long before = fileSize();

            store.startCompaction(System::nanoTime);

            assertThat(before).isGreaterThan(16 * MEBIBYTE);
            awaitFileSmallerThan(8 * MEBIBYTE);
            assertThat(store.size().toCompletableFuture().join()).isEqualTo(EVENT_BYTES);
        }
    }

    @Test
    @DisplayName("shrinks a file whose content is one large chunk at the end")
    void movesLargeChunk() throws Exception {
        try (Store store = Store.inFolder(folder);
                Connection connection = connect()) {
            for (int number = 0; number < 6_000; number++) {
                append(connection, "class|" + number % 2, number);
            }
            store.erase("class|0").toCompletableFuture().join();
            H2Compaction file = H2Compaction.of(connection);
            boolean moved = true;
            while (moved) {
                file.free();
                moved = file.rewrite(128 << 20);
            }
            file.free();
            long before = fileSize();

            store.startCompaction(System::nanoTime);

            long content = store.size().toCompletableFuture().join();
            assertThat(before).isGreaterThan(2 * content);
            awaitFileSmallerThan(3 * content / 2);
            assertThat(store.size().toCompletableFuture().join()).isEqualTo(content);
        }
    }

    @Test
    @DisplayName("keeps the file in proportion to its content, and the content as it was, while rows come and go")
    void keepsProportion() throws Exception {
        try (Store store = Store.inFolder(folder)) {
            store.startCompaction(System::nanoTime);
            try (Connection connection = connect()) {
                SplittableRandom random = new SplittableRandom(3);
                for (int number = 0; number < 6_000; number++) {
                    String owner = "class|" + number % 20;
                    append(connection, owner, number);
                    if (number % 20 == random.nextInt(20) && number > 500) {
                        store.trim(owner, number - 500).toCompletableFuture().join();
                    }
                }

                long content = store.size().toCompletableFuture().join();
                awaitFileSmallerThan(3 * content);
                assertThat(store.size().toCompletableFuture().join()).isEqualTo(content);
            }
        }

        // and then
        try (Store _ = Store.inFolder(folder);
                Connection connection = connect();
                var rows = connection
                        .createStatement()
                        .executeQuery("SELECT \"sequence_number\", \"event_payload\" FROM \"event_journal\"")) {
            while (rows.next()) {
                assertThat(rows.getBytes(2)).isEqualTo(payload(rows.getInt(1)));
            }
        }
    }

    @Test
    @DisplayName("keeps a file small on a small disk")
    void makesRoomOnSmallDisks() throws Exception {
        try (SmallDisk _ = SmallDisk.mount(folder, 24);
                Store store = Store.inFolder(folder)) {
            store.startCompaction(System::nanoTime);
            try (Connection connection = connect()) {

                for (int number = 0; number < 3_000; number++) {
                    while (store.isReadOnly() || folder.toFile().getUsableSpace() < 8 * MEBIBYTE) {
                        LockSupport.parkNanos(10_000_000);
                    }
                    append(connection, "class|0", number);
                    if (number % 100 == 0) {
                        store.trim("class|0", number - 50).toCompletableFuture().join();
                    }
                }
            }

            awaitFileSmallerThan(12 * MEBIBYTE);
        }
    }

    @Test
    @DisplayName("leaves the database open if data is damaged, and does not try again to move the data")
    void doesNotMoveDamagedData() throws Exception {
        Path damaged = damagedCopyOfSparseStore();
        AtomicInteger readings = new AtomicInteger();
        LongSupplier nanos = () -> TimeUnit.SECONDS.toNanos(readings.incrementAndGet());
        try (Store store = Store.inFolder(damaged);
                Connection connection = StoreFile.in(damaged).connect()) {
            assertThat(store.damage().reasons()).isNotEmpty();

            store.startCompaction(nanos);
            awaitMoreThan(4, readings);

            assertThat(H2FileDriver.isOpen(connection)).isTrue();
        }
    }

    @Test
    @DisplayName("closes the database at most once if it finds damage that was unknown")
    void stopsAtUnknownDamage() throws Exception {
        Path damaged = damagedCopyOfSparseStore();
        AtomicInteger readings = new AtomicInteger();
        LongSupplier nanos = () -> TimeUnit.SECONDS.toNanos(readings.incrementAndGet());
        Database database = Database.h2("store", damaged.resolve("reverie").toString());
        try (StoreConnection store = StoreConnection.open(database);
                Connection first = database.connect();
                CompactionLoop _ =
                        CompactionLoop.start(store, "store", nanos, () -> Long.MAX_VALUE, StoreDamage.NONE)) {
            while (H2FileDriver.isOpen(first)) {
                LockSupport.parkNanos(10_000_000);
            }

            try (Connection second = database.connect()) {
                awaitMoreThan(readings.get() + 4, readings);

                assertThat(H2FileDriver.isOpen(second)).isTrue();
            }
        }
    }

    @Test
    @DisplayName("does not take two failures for damage if it has succeeded in between")
    void forgetsFailures() throws Exception {
        Store.inFolder(folder).close();
        Database database = Database.h2("store", folder.resolve("reverie").toString());
        AtomicInteger rounds = new AtomicInteger();
        LongSupplier failingEveryOtherTime = () -> {
            if (rounds.incrementAndGet() % 2 == 1) {
                throw new IllegalStateException("it failed");
            }
            return Long.MAX_VALUE;
        };
        try (CapturedLog log = new CapturedLog(CompactionLoop.class)) {

            try (StoreConnection store = StoreConnection.open(database);
                    CompactionLoop _ = CompactionLoop.start(
                            store, "store", System::nanoTime, failingEveryOtherTime, StoreDamage.NONE)) {
                awaitMoreThan(2, rounds);
            }

            assertThat(log.take()).isEmpty();
        }
    }

    @Test
    @DisplayName("pauses for a multiple of the time that a slice took, but never long")
    void limitsPauses() {
        assertThat(CompactionLoop.pauseAfter(Duration.ofMillis(10), 19)).isEqualTo(Duration.ofMillis(190));
        assertThat(CompactionLoop.pauseAfter(Duration.ofHours(1), 19)).isEqualTo(Duration.ofSeconds(10));
    }

    /** The file of a killed store that is mostly empty, and has a page with payloads that cannot be read. */
    private Path damagedCopyOfSparseStore() throws Exception {
        Path copy = Files.createDirectory(folder.resolve("copy"));
        try (Store _ = Store.inFolder(folder);
                Connection connection = connect()) {
            for (int number = 0; number < 60; number++) {
                append(connection, "class|0", number);
            }
            for (int number = 0; number < 3_000; number++) {
                touch(connection, number);
            }
            StoreFile.in(copy).write(StoreFile.in(folder).bytes());
        }
        StoreFile.in(copy).zeroFirstLeafOf("lobData", LongDataType.INSTANCE);
        return copy;
    }

    private static void awaitMoreThan(int count, AtomicInteger counter) {
        while (counter.get() <= count) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private long fileSize() throws Exception {
        return Files.size(folder.resolve("reverie.mv.db"));
    }

    private void awaitFileSmallerThan(long bytes) throws Exception {
        while (fileSize() > bytes) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    private Connection connect() throws SQLException {
        return StoreFile.in(folder).connect();
    }

    private static void touch(Connection connection, int number) throws SQLException {
        connection.createStatement().execute("UPDATE reverie_store SET factor = " + number);
    }

    private static byte[] payload(int number) {
        byte[] payload = new byte[EVENT_BYTES];
        new SplittableRandom(number).nextBytes(payload);
        return payload;
    }

    private static void append(Connection connection, String owner, int number) throws SQLException {
        JournalInsert.event(connection, owner, number, payload(number));
    }
}
