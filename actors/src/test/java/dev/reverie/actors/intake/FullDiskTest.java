package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.FaultyDisk;
import dev.reverie.actors.store.FaultyStores;
import dev.reverie.actors.store.SmallDisk;
import dev.reverie.actors.store.Store;
import dev.reverie.actors.store.StoreFailure;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A service whose disk is full or fails")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FullDiskTest {

    private Path folder;

    @BeforeEach
    void nameTheFolder(@TempDir Path temporary) {
        folder = temporary;
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

                assertThat(deliverWithRetries(restarted, samples("cat", 5, 2)))
                        .isEqualTo(new DeliveryOutcome.Accepted(5, 0));
            }
            try (RunningIntake restarted = start()) {
                assertThat(restarted.info("cat").seen()).isEqualTo(35);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"No space left on device", "Input/output error"})
    @DisplayName("opens its store again after failed writes, and keeps what it has acknowledged")
    void reopensItsStore(String failure) {
        FaultyDisk.reset();
        try (RunningIntake intake = startOnFaultyDisk()) {
            assertThat(intake.deliver(samples("cat", 30, 1))).isEqualTo(new DeliveryOutcome.Accepted(30, 0));

            FaultyDisk.failWrites(failure);
            assertThat(intake.deliver(samples("cat", 5, 2))).isInstanceOf(DeliveryOutcome.Deferred.class);
            FaultyDisk.repair();

            assertThat(deliverWithRetries(intake, samples("cat", 5, 2))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
            assertThat(deliverWithRetries(intake, samples("dog", 5, 3))).isEqualTo(new DeliveryOutcome.Accepted(5, 0));
            intake.drain();
        }
        assertThat(FaultyDisk.openFiles()).isZero();
        try (RunningIntake restarted = startOnFaultyDisk()) {
            assertThat(restarted.info("cat").seen()).isEqualTo(35);
            assertThat(restarted.info("dog").seen()).isEqualTo(5);
        }
    }

    @Test
    @DisplayName("leaves no file open when it stops while writes fail, and a later service finds what was acknowledged")
    void closesDespiteFailures() {
        FaultyDisk.reset();
        try (RunningIntake intake = startOnFaultyDisk()) {
            assertThat(intake.deliver(samples("cat", 30, 1))).isEqualTo(new DeliveryOutcome.Accepted(30, 0));

            FaultyDisk.failWrites("Input/output error");
            assertThat(intake.deliver(samples("cat", 5, 2))).isInstanceOf(DeliveryOutcome.Deferred.class);
        }

        assertThat(FaultyDisk.openFiles()).isZero();
        FaultyDisk.repair();
        try (RunningIntake restarted = startOnFaultyDisk()) {
            assertThat(restarted.info("cat").seen()).isGreaterThanOrEqualTo(30);
            assertThat(deliverWithRetries(restarted, samples("cat", 5, 2)))
                    .isInstanceOf(DeliveryOutcome.Accepted.class);
            assertThat(restarted.info("cat").seen()).isEqualTo(35);
        }
    }

    private RunningIntake start() {
        return RunningIntake.on(Store.inFolder(folder), IntakeLimits.DEFAULT);
    }

    private RunningIntake startOnFaultyDisk() {
        return RunningIntake.on(FaultyStores.open(folder), IntakeLimits.DEFAULT);
    }

    private static DeliveryOutcome full() {
        return DeliveryOutcome.Deferred.of(StoreFailure.FULL);
    }

    private static DeliveryOutcome deliverWithRetries(RunningIntake intake, List<Sample> samples) {
        DeliveryOutcome outcome = intake.deliver(samples);
        while (outcome instanceof DeliveryOutcome.Deferred) {
            LockSupport.parkNanos(100_000_000);
            outcome = intake.deliver(samples);
        }
        return outcome;
    }

    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(10_000_000);
        }
    }
}
