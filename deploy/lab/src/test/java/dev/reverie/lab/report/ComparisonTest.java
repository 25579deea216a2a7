package dev.reverie.lab.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.reverie.gpu.method.Method;
import dev.reverie.lab.report.Comparison.SetAccuracy;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A comparison")
class ComparisonTest {

    static final Comparison EXAMPLE = new Comparison(List.of(
            new SetAccuracy(Method.DREAM, 0.8234, 0.0031),
            new SetAccuracy(Method.TILE, 0.7951, 0.004),
            new SetAccuracy(Method.RANDOM, 0.741, 0.0102),
            new SetAccuracy(Method.HERDING, 0.762, 0),
            new SetAccuracy(Method.K_CENTER, 0.55, 0.02)));

    @Test
    @DisplayName("gives the gains of the distilled set over the best coreset and its initial images, in points")
    void gains() {
        assertThat(EXAMPLE.bestCoreset()).map(SetAccuracy::method).contains(Method.HERDING);
        assertThat(EXAMPLE.gainOver(EXAMPLE.bestCoreset().orElseThrow())).isCloseTo(6.1, within(1e-9));
        assertThat(EXAMPLE.initialImages()).map(SetAccuracy::method).contains(Method.TILE);
        assertThat(EXAMPLE.gainOver(EXAMPLE.initialImages().orElseThrow())).isCloseTo(2.8, within(1e-9));
    }

    @Test
    @DisplayName("gives gains that match the rounded accuracies")
    void roundedGains() {
        SetAccuracy random = new SetAccuracy(Method.RANDOM, 0.8055, 0);
        Comparison comparison = new Comparison(List.of(new SetAccuracy(Method.DREAM, 0.8304, 0), random));

        assertThat(comparison.distilled().text()).isEqualTo("83.0");
        assertThat(random.text()).isEqualTo("80.6");
        assertThat(comparison.gainOver(random)).isCloseTo(2.4, within(1e-9));
    }

    @Test
    @DisplayName("does not count the initial images as a coreset, although they are real")
    void initialImagesAreNoCoreset() {
        Comparison comparison =
                new Comparison(List.of(new SetAccuracy(Method.DREAM, 0.8, 0), new SetAccuracy(Method.TILE, 0.79, 0)));

        assertThat(comparison.bestCoreset()).isEmpty();
    }

    @Test
    @DisplayName("is printed as an aligned table with both gains below")
    void table() {
        assertThat(String.join("\n", EXAMPLE.lines())).isEqualTo("""
                        set         accuracy (%)     made of
                        dream       82.3 ± 0.3       synthetic images, matched to k-means representatives
                        tile        79.5 ± 0.4       dream's initial images: real images nearest to k-means centroids
                        random      74.1 ± 1.0       real images, drawn at random
                        herding     76.2             real images whose mean features approximate those of their class
                        k-center    55.0 ± 2.0       real images that cover their class

                        +6.1 points over the best coreset (herding)
                        +2.8 points over its initial images""");
    }

    @Test
    @DisplayName("rejects accuracies outside [0, 1] and negative deviations")
    void noAccuracy() {
        assertThatThrownBy(() -> new SetAccuracy(Method.DREAM, Double.NaN, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SetAccuracy(Method.DREAM, 1.01, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new SetAccuracy(Method.DREAM, 0.5, -0.1)).isInstanceOf(IllegalArgumentException.class);
    }
}
