package dev.reverie.deploy.experiments.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The time of the repeats")
class TimingSummaryTest {

    @Test
    @DisplayName("sums up an odd number of times by the middle one")
    void odd() {
        assertThat(TimingSummary.of(3, 1, 2)).isEqualTo(new TimingSummary(1, 2, 3));
    }

    @Test
    @DisplayName("sums up an even number of times by the mean of the middle two")
    void even() {
        assertThat(TimingSummary.of(4, 1, 2, 3)).isEqualTo(new TimingSummary(1, 2.5, 4));
    }
}
