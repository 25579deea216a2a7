package dev.reverie.lab.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("The quantiles of latencies")
class LatenciesTest {

    @Test
    @DisplayName("have the mean of the two middle latencies as the median of an even number")
    void even() {
        assertThat(ServiceLoad.Latencies.of(List.of(4.0, 1.0, 3.0, 2.0)))
                .isEqualTo(new ServiceLoad.Latencies(4, 2.5, 4, 4));
    }
}
