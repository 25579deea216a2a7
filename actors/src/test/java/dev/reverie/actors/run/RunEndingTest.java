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
    @DisplayName("fails after ten inner loops in a row without a class step")
    void fails() {
        for (int loop = 1; loop < 10; loop++) {
            assertThat(ending.afterLoop(false)).isEmpty();
        }
        assertThat(ending.afterLoop(false)).hasValueSatisfying(failure -> assertThat(failure)
                .hasMessageStartingWith("no class step has succeeded in 10 inner loops"));
    }

    @Test
    @DisplayName("begins to count such loops again after a class step")
    void countsAgain() {
        for (int loop = 1; loop < 100; loop++) {
            assertThat(ending.afterLoop(loop % 10 == 0)).isEmpty();
        }
    }
}
