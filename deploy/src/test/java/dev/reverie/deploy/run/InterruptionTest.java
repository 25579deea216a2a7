package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("An interruption")
class InterruptionTest {

    private static final long PATIENCE_SECONDS = 60;

    private final CountDownLatch stopped = new CountDownLatch(1);
    private final CountDownLatch halted = new CountDownLatch(1);

    @ParameterizedTest
    @ValueSource(strings = {"INT", "TERM"})
    @DisplayName("is a wish to stop at first, and an order to halt when repeated")
    void twice(String signal) throws Exception {
        try (Interruption _ = Interruption.listen(stopped::countDown, halted::countDown)) {
            send(signal);
            assertThat(stopped.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
            assertThat(halted.getCount()).isEqualTo(1);

            send(signal);
            assertThat(halted.await(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void send(String signal) throws Exception {
        String self = Long.toString(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("kill", "-" + signal, self).start().waitFor())
                .isZero();
    }
}
