package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.SmallDisk;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreFailure;
import dev.reverie.actors.store.StoreFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service whose disk is full")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FullDiskTest {

    private Path folder;
    private Path other;

    @BeforeEach
    void nameTheFolders(@TempDir Path temporary, @TempDir Path copies) {
        folder = temporary;
        other = copies.resolve("killed");
    }

    @Test
    @DisplayName("is read-only, also after a restart, and accepts samples again when there is room")
    void healsFromFullDisks() throws Exception {
        try (SmallDisk disk = SmallDisk.mount(folder, 40)) {
            try (RunningIntake intake = start()) {
                assertThat(intake.deliver(samples("cat", 30, 1))).isEqualTo(new DeliveryOutcome.Accepted(30, 0));

                disk.fill();
                await(intake.store()::isReadOnly);

                assertThat(intake.deliver(samples("cat", 5, 2))).isEqualTo(full());
                assertThat(intake.info("cat").reservoir()).isEqualTo(30);
            }
            try (RunningIntake restarted = start()) {
                // and then
                assertThat(restarted.store().isReadOnly()).isTrue();
                assertThat(restarted.info("cat").seen()).isEqualTo(30);
                assertThat(restarted.info("cat").reservoir()).isEqualTo(30);
                assertThat(restarted.deliver(samples("cat", 5, 2))).isEqualTo(full());

                // and when
                disk.clear();

                assertThat(restarted.deliverWithRetries(samples("cat", 5, 2)))
                        .isEqualTo(new DeliveryOutcome.Accepted(5, 0));
            }
            try (RunningIntake restarted = start()) {
                assertThat(restarted.info("cat").seen()).isEqualTo(35);
            }
        }
    }

    @Test
    @DisplayName("keeps what it has acknowledged, however often its disk is full in the middle of a write")
    void keepsWhatItAcknowledged() throws Exception {
        List<Integer> acknowledged = new ArrayList<>();
        try (SmallDisk disk = SmallDisk.mount(folder, 40)) {
            try (RunningIntake intake = start()) {
                for (int round = 0; round < 3; round++) {
                    disk.fill();
                    for (int seed = 100 * round; seed < 100 * round + 5; seed++) {
                        if (intake.deliver(samples("cat", 3, seed)) instanceof DeliveryOutcome.Accepted) {
                            acknowledged.add(seed);
                        }
                    }
                    disk.clear();
                    intake.deliverWithRetries(samples("cat", 3, 100 * round + 50));
                    acknowledged.add(100 * round + 50);
                }
                StoreFile.copyKilled(folder, other);
            }
            try (RunningIntake restarted = start()) {
                requireAll(restarted, acknowledged);
            }
        }
        try (RunningIntake killed = RunningIntake.on(Store.inFolder(other), IntakeLimits.DEFAULT)) {
            requireAll(killed, acknowledged);
        }
    }

    /** Requires that samples count as duplicates when they arrive again. */
    private static void requireAll(RunningIntake intake, List<Integer> seeds) {
        for (int seed : seeds) {
            assertThat(intake.deliverWithRetries(samples("cat", 3, seed)))
                    .isEqualTo(new DeliveryOutcome.Accepted(0, 3));
        }
    }

    private RunningIntake start() {
        return RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT);
    }

    private static DeliveryOutcome full() {
        return DeliveryOutcome.Deferred.of(StoreFailure.FULL);
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(10_000_000);
        }
    }
}
