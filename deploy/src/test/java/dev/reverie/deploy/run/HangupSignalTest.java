package dev.reverie.deploy.run;

import static org.assertj.core.api.Assertions.assertThat;

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
        Semaphore reloads = new Semaphore(0);
        HangupSignal.ignore();
        send();
        HangupSignal.listen(reloads::release);

        for (int i = 0; i < 3; i++) {
            send();
            assertThat(reloads.tryAcquire(TIMEOUT_SECONDS, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static void send() throws Exception {
        String self = Long.toString(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("kill", "-HUP", self).start().waitFor()).isZero();
    }
}
