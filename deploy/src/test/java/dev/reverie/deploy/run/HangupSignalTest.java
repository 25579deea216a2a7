package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SIGHUP")
class HangupSignalTest {

    private static final long TIMEOUT_SECONDS = 60;

    @AfterEach
    void ignore() {
        InterruptSignal.onHangup(() -> {});
    }

    @Test
    @DisplayName("asks for a reload each time it arrives, unless it is ignored, and never ends the process")
    void eachTime() throws Exception {
        assumeTrue(TestSignals.isHandled(TestSignals.HUP), "a process that nohup started ignores SIGHUP");
        Semaphore reloads = new Semaphore(0);
        InterruptSignal.onHangup(reloads::release);
        for (int i = 0; i < 3; i++) {
            sendAndAwait(reloads);
        }

        InterruptSignal.onHangup(() -> {});
        TestSignals.sendToThisProcess("HUP");

        Semaphore later = new Semaphore(0);
        InterruptSignal.onHangup(later::release);
        sendAndAwait(later); // the ignored signal has arrived, too
        assertThat(reloads.availablePermits()).isZero();
    }

    private static void sendAndAwait(Semaphore reloads) throws Exception {
        TestSignals.sendToThisProcess("HUP");
        assertThat(reloads.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
    }
}
