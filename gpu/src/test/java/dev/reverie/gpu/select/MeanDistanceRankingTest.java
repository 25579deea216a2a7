package dev.reverie.gpu.select;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Images ranked by their distance to the class mean")
class MeanDistanceRankingTest {

    /** Mean 4 in one dimension; distances 4, 1, 3, 8 and 0. */
    private final Features features = Features.of(1, new float[] {0, 3, 1, 12, 4});

    @Test
    @DisplayName("begin with the nearest images")
    void nearest() {
        assertThat(MeanDistanceRanking.nearest(features, 3)).containsExactly(4, 1, 2);
    }

    @Test
    @DisplayName("begin with the farthest images on request")
    void farthest() {
        assertThat(MeanDistanceRanking.farthest(features, 2)).containsExactly(3, 0);
    }

    @Test
    @DisplayName("are limited to the existing images")
    void tooMany() {
        assertThatThrownBy(() -> MeanDistanceRanking.nearest(features, 6))
                .hasMessageContaining("cannot choose 6 of 5 images");
    }
}
