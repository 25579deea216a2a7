package dev.reverie.deploy.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.deploy.bench.StepBench.Millis;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The benchmark of a class step")
class StepBenchTest {

    @Test
    @DisplayName("sums up an odd number of times by the middle one")
    void odd() {
        assertThat(StepBench.summary(new double[] {3, 1, 2})).isEqualTo(new Millis(1, 2, 3));
    }

    @Test
    @DisplayName("sums up an even number of times by the mean of the middle two")
    void even() {
        assertThat(StepBench.summary(new double[] {4, 1, 2, 3})).isEqualTo(new Millis(1, 2.5, 4));
    }
}
