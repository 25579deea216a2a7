package dev.reverie.actors.intake;

import static dev.reverie.actors.intake.RunningIntake.samples;
import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.store.FaultyDisk;
import dev.reverie.actors.store.FaultyStores;
import dev.reverie.actors.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A service whose disk fails at random writes and flushes")
@Timeout(value = 10, unit = TimeUnit.MINUTES)
class FailingDiskTest {

    private static final int DELIVERIES = 25;
    private static final int RESTARTS = 3;
    /** A delivery makes about five writes, so about one in eight deliveries meets a failure. */
    private static final int ONE_IN = 40;

    private Path folder;
    private final List<List<Sample>> acknowledged = new ArrayList<>();

    @BeforeEach
    void nameTheFolder(@TempDir Path temporary) {
        folder = temporary;
    }

    @ParameterizedTest
    @ValueSource(strings = {"Input/output error", "No space left on device", "both"})
    @DisplayName(
            "has what it acknowledged after a kill, after a restart in the same process, and when the disk is mended")
    void keepsWhatItAcknowledged(String message) throws IOException {
        List<String> messages =
                message.equals("both") ? List.of("Input/output error", "No space left on device") : List.of(message);
        SplittableRandom random = new SplittableRandom(message.length());
        FaultyDisk.reset();
        for (int restart = 0; restart < RESTARTS; restart++) {
            try (RunningIntake intake = RunningIntake.on(FaultyStores.open(folder), IntakeLimits.DEFAULT)) {
                requireAll(intake);

                FaultyDisk.failSometimes(random.split(), ONE_IN, messages);
                for (int delivery = 0; delivery < DELIVERIES; delivery++) {
                    deliver(intake, samplesOfOneOrTwoClasses(random, restart * DELIVERIES + delivery));
                }
                Path killed = copyOfTheFile("killed-" + restart);

                try (RunningIntake other = RunningIntake.on(Store.inFolder(killed), IntakeLimits.DEFAULT)) {
                    requireAll(other);
                }
                if (random.nextBoolean()) {
                    FaultyDisk.repair();
                    requireAll(intake);
                }
            }
            assertThat(FaultyDisk.openFiles()).isZero();
            FaultyDisk.repair();
        }
        try (RunningIntake intake = RunningIntake.on(FaultyStores.open(folder), IntakeLimits.DEFAULT)) {
            requireAll(intake);
        }
        assertThat(FaultyDisk.failures()).as("failures of the disk").isPositive();
        assertThat(acknowledged).as("acknowledged deliveries").hasSizeGreaterThan(DELIVERIES);
    }

    private static List<Sample> samplesOfOneOrTwoClasses(SplittableRandom random, int seed) {
        List<Sample> first = samples("class " + random.nextInt(4), 3, seed);
        return random.nextBoolean()
                ? first
                : Stream.concat(first.stream(), samples("other " + random.nextInt(4), 3, seed).stream())
                        .toList();
    }

    /** Delivers samples a few times, as a client does whose delivery is deferred. */
    private void deliver(RunningIntake intake, List<Sample> samples) {
        for (int attempt = 0; attempt < 3; attempt++) {
            if (intake.deliver(samples) instanceof DeliveryOutcome.Accepted) {
                acknowledged.add(samples);
                return;
            }
            LockSupport.parkNanos(50_000_000);
        }
    }

    /** The file as a process finds it after this one was killed. */
    private Path copyOfTheFile(String name) throws IOException {
        Path copy = Files.createDirectory(folder.resolve(name));
        Files.copy(folder.resolve("reverie.mv.db"), copy.resolve("reverie.mv.db"));
        return copy;
    }

    /** Requires that all samples that were acknowledged count as duplicates when they arrive again. */
    private void requireAll(RunningIntake intake) {
        for (List<Sample> samples : acknowledged) {
            DeliveryOutcome outcome = intake.deliver(samples);
            while (outcome instanceof DeliveryOutcome.Deferred) {
                LockSupport.parkNanos(100_000_000);
                outcome = intake.deliver(samples);
            }
            assertThat(outcome).isEqualTo(new DeliveryOutcome.Accepted(0, samples.size()));
        }
    }
}
