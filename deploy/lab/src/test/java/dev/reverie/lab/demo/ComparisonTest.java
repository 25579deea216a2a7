package dev.reverie.lab.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.evaluate.MeanAndStd;
import dev.reverie.gpu.method.Method;
import dev.reverie.lab.demo.Comparison.SetAccuracy;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("A comparison")
class ComparisonTest {

    private final SetAccuracy tile = set(Method.TILE, 0.7951, 0.004);

    @Test
    @DisplayName("is printed as an aligned table, with the gains over the best coreset and the initial images below")
    void table() {
        Comparison comparison = new Comparison(List.of(
                set(Method.DREAM, 0.8234, 0.0031),
                tile,
                set(Method.RANDOM, 0.741, 0.0102),
                set(Method.HERDING, 0.762, 0),
                set(Method.K_CENTER, 0.55, 0.02)));
        assertThat(String.join("\n", comparison.lines())).isEqualTo("""
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
    @DisplayName("gives gains that match the rounded accuracies")
    void roundedGains() {
        Comparison comparison =
                new Comparison(List.of(set(Method.DREAM, 0.8304, 0), tile, set(Method.RANDOM, 0.8055, 0)));
        assertThat(comparison.lines()).anyMatch(line -> line.startsWith("dream       83.0 "));
        assertThat(comparison.lines()).anyMatch(line -> line.startsWith("random      80.6 "));
        assertThat(comparison.lines()).contains("+2.4 points over the best coreset (random)");
    }

    @Test
    @DisplayName("does not count the initial images as a coreset, although they are real")
    void initialImagesAreNoCoreset() {
        Comparison comparison = new Comparison(List.of(set(Method.DREAM, 0.8, 0), tile, set(Method.RANDOM, 0.5, 0)));
        assertThat(comparison.lines()).contains("+30.0 points over the best coreset (random)");
    }

    private static SetAccuracy set(Method method, double mean, double std) {
        return new SetAccuracy(method, new MeanAndStd(mean, std));
    }
}
