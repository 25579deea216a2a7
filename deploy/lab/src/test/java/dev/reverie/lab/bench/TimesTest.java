package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The summary of timings")
class TimesTest {

    @Test
    @DisplayName("takes the middle one of an odd number as the median")
    void odd() {
        assertThat(BenchReport.Times.of(3, 1, 2)).isEqualTo(new BenchReport.Times(1, 2, 3));
    }

    @Test
    @DisplayName("takes the mean of the middle two of an even number as the median")
    void even() {
        assertThat(BenchReport.Times.of(4, 1, 2, 3)).isEqualTo(new BenchReport.Times(1, 2.5, 4));
    }
}
