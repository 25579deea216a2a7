package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
    @ValueSource(strings = {"INT", "TERM", "HUP"})
    @DisplayName("requests a stop at first, and an immediate halt when repeated")
    void twice(String signal) throws Exception {
        assumeTrue(
                signal.equals("TERM")
                        || TestSignals.isHandled(signal.equals("INT") ? TestSignals.INT : TestSignals.HUP),
                "a job in the background of a shell ignores SIGINT, and one of nohup SIGHUP");
        try (InterruptSignal _ = InterruptSignal.listen(stopped::countDown, halted::countDown)) {
            TestSignals.sendToThisProcess(signal);
            assertThat(stopped.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(halted.getCount()).isEqualTo(1);

            TestSignals.sendToThisProcess(signal);
            assertThat(halted.await(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
