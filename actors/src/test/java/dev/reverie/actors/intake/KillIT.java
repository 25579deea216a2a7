package dev.reverie.actors.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A service that is killed at random moments")
class KillIT {

    private static final int ROUNDS = Integer.getInteger("reverie.kill.rounds", 3);

    /** The folder or the address of the store; variants of this test override it. */
    String place(Path folder) {
        return folder.toString();
    }

    @Test
    @DisplayName("loses no acknowledged sample, counts no sample twice, and completes a delivery that is sent again")
    void losesNothing(@TempDir Path folder) throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        BitSet acknowledged = new BitSet();
        String place = place(folder);

        for (int round = 0; round < ROUNDS; round++) {
            killAfter(random.nextInt(1, 120), place, acknowledged);
        }

        try (RunningIntake intake = RunningIntake.on(KilledProcess.storeAt(place), IntakeLimits.DEFAULT)) {
            int end = acknowledged.length() + 1000;
            for (int number = 0; number < end; number++) {
                DeliveryOutcome again = intake.deliver(KilledProcess.delivery(number));
                if (acknowledged.get(number)) {
                    assertThat(again).isEqualTo(new DeliveryOutcome.Accepted(0, KilledProcess.DELIVERY_SIZE));
                } else {
                    assertThat(again)
                            .isInstanceOfSatisfying(DeliveryOutcome.Accepted.class, accepted -> assertThat(accepted)
                                    .matches(KilledProcess::isComplete, "counts each sample"));
                }
            }
            assertThat(intake.overview().store().samples()).isEqualTo((long) end * KilledProcess.DELIVERY_SIZE);
            assertThat(intake.overview().store().failing()).isEmpty();
        }
    }

    /**
     * Runs a service until it has acknowledged some deliveries, and kills it. Starts at the first unacknowledged
     * delivery, so that stored but unacknowledged samples arrive again.
     */
    private static void killAfter(int acknowledgements, String place, BitSet acknowledged) throws IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledProcess.class.getName(),
                        place,
                        Integer.toString(acknowledged.nextClearBit(0)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader acks = process.inputReader(StandardCharsets.UTF_8)) {
            for (int i = 0; i < acknowledgements; i++) {
                String line = acks.readLine();
                assertThat(line).containsOnlyDigits();
                acknowledged.set(Integer.parseInt(line));
            }
        } finally {
            process.destroyForcibly();
            process.onExit().join();
        }
    }
}
