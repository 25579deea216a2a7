package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("SIGHUP")
class HangupSignalTest {

    private static final long TIMEOUT_SECONDS = 60;

    @Test
    @DisplayName("asks for a reload each time it arrives, and never ends the process")
    void eachTime() throws Exception {
        assumeTrue(TestSignals.isHandled(TestSignals.HUP), "a process that nohup started ignores SIGHUP");
        Semaphore reloads = new Semaphore(0);
        HangupSignal.ignore();
        TestSignals.sendToThisProcess("HUP");
        HangupSignal.listen(reloads::release);

        for (int i = 0; i < 3; i++) {
            TestSignals.sendToThisProcess("HUP");
            assertThat(reloads.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }
}
