package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An interrupt signal")
class InterruptSignalTest {

    private static final long TIMEOUT_SECONDS = 60;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch halted = new CountDownLatch(1);

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    @DisplayName("requests a stop at first, and an immediate halt when repeated")
    void twice(String signal) throws Exception {
        assumeTrue(signal.equals("TERM") || handlesInt(), "a job in the background of a shell ignores SIGINT");
        try (InterruptSignal _ = InterruptSignal.listen(stopped::countDown, halted::countDown)) {
            send(signal);
            assertThat(stopped.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(halted.getCount()).isEqualTo(1);

            send(signal);
            assertThat(halted.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    /** Returns whether this process handles SIGINT (signal 2) rather than ignores it since its start. */
    private static boolean handlesInt() throws Exception {
        String ignored = Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .findFirst()
                .orElseThrow();
        return (Long.parseUnsignedLong(ignored.substring("SigIgn:".length()).strip(), 16) & 1 << 1) == 0;
    }

    private static void send(String signal) throws Exception {
        String self = Long.toString(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, self).start().waitFor())
                .isZero();
    }
}
