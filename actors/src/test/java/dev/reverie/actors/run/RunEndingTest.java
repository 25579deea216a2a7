package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.actors.Samples;
import dev.reverie.actors.loop.ManualClock;
import dev.reverie.actors.loop.TimeLimitClock;
import dev.reverie.gpu.method.Method;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A run")
class RunEndingTest {

    private final RunEnding ending =
            new RunEnding(Samples.settings(Method.DREAM), new TimeLimitClock(new ManualClock(), Optional.empty()));

    @Test
    @DisplayName("does not fail for loops without a class step if fewer than ten of them follow each other")
    void countsAgain() {
        for (int loop = 1; loop < 100; loop++) {
            assertThat(ending.afterLoop(loop % 10 == 0)).isEmpty();
        }
    }
}
