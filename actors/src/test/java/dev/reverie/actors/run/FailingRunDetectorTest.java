package dev.reverie.actors.run;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The detector of a run whose class steps only fail")
class FailingRunDetectorTest {

    private final FailingRunDetector detector = new FailingRunDetector();

    @Test
    @DisplayName("lets the run fail after ten inner loops in a row without a class step")
    void fails() {
        for (int loop = 1; loop < 10; loop++) {
            assertThat(detector.onLoopClosed(false)).isEmpty();
        }
        assertThat(detector.onLoopClosed(false)).hasValueSatisfying(failure -> assertThat(failure)
                .hasMessageStartingWith("no class step has succeeded in 10 inner loops"));
    }

    @Test
    @DisplayName("begins to count again after a class step")
    void countsAgain() {
        for (int loop = 1; loop < 100; loop++) {
            assertThat(detector.onLoopClosed(loop % 10 == 0)).isEmpty();
        }
    }
}
