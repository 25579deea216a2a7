package dev.reverie.actors.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.apache.pekko.Done;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

@DisplayName("The monitor of the space of a store")
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class SpaceMonitorTest {
    private static final long RESERVE = 16;

    /** Number of looks during which the monitor tries at least once to let a store accept writes. */
    private static final int LOOKS_PER_TRIAL = 2 * SpaceMonitor.LOOKS_PER_TRIAL;

    private final SpaceMonitor.RetryPause pause = new SpaceMonitor.RetryPause(30);

    @Test
    @DisplayName("lets the store accept writes again once there is room")
    void noticesRoom(@TempDir Path folder) throws SQLException {
        AtomicLong free = new AtomicLong();
        withMonitor(folder, free::get, monitor -> {
            assertThat(monitor.isFull()).isTrue();

            free.set(2 * RESERVE);

            await(() -> !monitor.isFull());
        });
    }

    @Test
    @DisplayName("regards a store as full below the reserve, and from then on until there is twice as much")
    void waitsForMoreRoom(@TempDir Path folder) throws SQLException {
        withMonitor(
                folder, () -> RESERVE, monitor -> assertThat(monitor.isFull()).isFalse());

        AtomicLong free = new AtomicLong(RESERVE - 1);
        AtomicInteger looks = new AtomicInteger();
        LongSupplier counted = () -> {
            looks.incrementAndGet();
            return free.get();
        };
        withMonitor(folder, counted, monitor -> {
            assertThat(monitor.isFull()).isTrue();

            free.set(2 * RESERVE - 1);
            int before = looks.get();
            await(() -> looks.get() > before + LOOKS_PER_TRIAL);

            assertThat(monitor.isFull()).isTrue();
        });
    }

    @Test
    @DisplayName("does not let the store accept writes if one fails for lack of space while another one is tried")
    void failsDuringATrial(@TempDir Path folder) throws SQLException {
        AtomicLong free = new AtomicLong();
        AtomicInteger trials = new AtomicInteger();
        CompletableFuture<SpaceMonitor> created = new CompletableFuture<>();
        StoreWriter.Task<Done> trial = _ -> {
            if (trials.incrementAndGet() == 1) {
                created.join().onFailure(new SQLException("No space left on device"));
            }
            return Done.getInstance();
        };
        withMonitor(folder, new DiskSpace(free::get, RESERVE, trial, 1), monitor -> {
            created.complete(monitor);

            free.set(2 * RESERVE);

            await(() -> trials.get() == 2);
            await(() -> !monitor.isFull());
        });
    }

    @Test
    @DisplayName("takes a disk error for a full disk if a quota is used up, and waits until a large write succeeds")
    void findsQuotas(@TempDir Path folder) throws SQLException {
        AtomicBoolean usedUp = new AtomicBoolean(true);
        AtomicInteger trials = new AtomicInteger();
        StoreWriter.Task<Done> trial = _ -> {
            trials.incrementAndGet();
            if (usedUp.get()) {
                throw new SQLException("no room", new IOException("Disk quota exceeded"));
            }
            return Done.getInstance();
        };
        withMonitor(folder, new DiskSpace(() -> Long.MAX_VALUE, RESERVE, trial, 1), monitor -> {
            monitor.onFailure(new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_WRITE));

            await(monitor::isFull);
            await(() -> trials.get() == 4);
            assertThat(monitor.isFull()).isTrue();
            usedUp.set(false);
            await(() -> !monitor.isFull());
        });
    }

    @Test
    @DisplayName("does not take a disk error for a full disk if the disk has room")
    void brokenDisk(@TempDir Path folder) throws SQLException {
        AtomicInteger trials = new AtomicInteger();
        StoreWriter.Task<Done> trial = _ -> {
            trials.incrementAndGet();
            throw new SQLException("cannot write", new IOException("Input/output error"));
        };
        withMonitor(folder, new DiskSpace(() -> Long.MAX_VALUE, RESERVE, trial, 1), monitor -> {
            monitor.onFailure(new SQLiteException("disk I/O error", SQLiteErrorCode.SQLITE_IOERR_WRITE));

            await(() -> trials.get() == 1);
            assertThat(monitor.isFull()).isFalse();
        });
    }

    @Test
    @DisplayName("tries whether the disk of a file has room for the reserve, and leaves nothing there")
    void writesTheReserve(@TempDir Path folder) throws Exception {
        try (SmallDisk _ = SmallDisk.mount(folder, 2)) {
            Path file = folder.resolve("space");
            DiskSpace.fill(file, 1 << 20);
            assertThatThrownBy(() -> DiskSpace.fill(file, 3 << 20))
                    .satisfies(failure -> assertThat(StoreFailure.of(failure)).isEqualTo(StoreFailure.FULL));

            assertThat(folder).isEmptyDirectory();
        }
    }

    @Test
    @DisplayName("goes on after checks that failed, for lack of memory too")
    void survivesFailures(@TempDir Path folder) throws SQLException {
        AtomicInteger checks = new AtomicInteger();
        LongSupplier free = () -> switch (checks.incrementAndGet()) {
            case 1 -> 0;
            case 2 -> throw new IllegalStateException("the disk does not answer");
            case 3 -> throw new OutOfMemoryError("Java heap space");
            default -> 2 * RESERVE;
        };
        withMonitor(folder, free, monitor -> await(() -> !monitor.isFull()));
    }

    @Test
    @DisplayName("tries a full store again after a second, then after pauses that double up to a limit")
    void grows() {
        assertThat(trials(121)).containsExactly(1, 3, 7, 15, 31, 61, 91, 121);
    }

    @Test
    @DisplayName("makes the pause longer if the store is full again at once, and shorter while the store is not full")
    void shrinks() {
        trials(3);
        assertThat(trials(4)).as("full again at once").containsExactly(4);

        for (int second = 0; second < 30; second++) {
            pause.shorten();
        }
        assertThat(trials(3)).as("full again later").containsExactly(1, 3);
    }

    @Test
    @DisplayName("tries a full store in a folder again every second")
    void staysShort() {
        SpaceMonitor.RetryPause second = new SpaceMonitor.RetryPause(1);
        assertThat(IntStream.range(0, 10).allMatch(_ -> second.isOver())).isTrue();
    }

    /** Uses a monitor. */
    private interface Use {
        void of(SpaceMonitor monitor);
    }

    private static void withMonitor(Path folder, LongSupplier free, Use use) throws SQLException {
        withMonitor(folder, new DiskSpace(free, RESERVE, _ -> Done.getInstance(), 1), use);
    }

    private static void withMonitor(Path folder, DiskSpace space, Use use) throws SQLException {
        Database database = new SqliteDatabase("store", folder.resolve("reverie.db"), Flush.ALWAYS);
        try (StoreWriter writer = StoreWriter.open(database)) {
            use.of(new SpaceMonitor(writer, space));
        }
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(10_000_000);
        }
    }

    /** Lets some seconds pass, and returns those in which the store is tried, numbered from 1. */
    private List<Integer> trials(int seconds) {
        return IntStream.rangeClosed(1, seconds)
                .filter(_ -> pause.isOver())
                .boxed()
                .toList();
    }
}
