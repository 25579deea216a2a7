package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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
        assumeTrue(
                signal.equals("TERM") || TestSignals.isHandled(TestSignals.INT),
                "a job in the background of a shell ignores SIGINT");
        try (InterruptSignal _ = InterruptSignal.listen(stopped::countDown, halted::countDown)) {
            TestSignals.sendToThisProcess(signal);
            assertThat(stopped.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(halted.getCount()).isEqualTo(1);

            TestSignals.sendToThisProcess(signal);
            assertThat(halted.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    @DisplayName("of a closed terminal requests a stop and never halts, because two may arrive at once")
    void hangup() throws Exception {
        assumeTrue(TestSignals.isHandled(TestSignals.HUP), "a process that nohup started ignores SIGHUP");
        AtomicInteger halts = new AtomicInteger();
        try (InterruptSignal interruption = InterruptSignal.listen(stopped::countDown, () -> {
            halts.incrementAndGet();
            halted.countDown();
        })) {
            TestSignals.sendToThisProcess("HUP");
            assertThat(stopped.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();

            TestSignals.sendToThisProcess("HUP");
            TestSignals.sendToThisProcess("TERM");

            assertThat(halted.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(halts).as("by SIGTERM alone").hasValue(1);
            assertThat(interruption.isRequested()).isTrue();
        }
    }
}
