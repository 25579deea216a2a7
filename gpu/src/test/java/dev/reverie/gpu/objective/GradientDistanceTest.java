package dev.reverie.gpu.objective;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class GradientDistanceTest {

    private static final double[] REAL = {1, 2, 2};
    private static final double[] SYNTHETIC = {3, 0, 4};

    private static double[] noise(int length, long seed) {
        return new SplittableRandom(seed).doubles(length, -1, 1).toArray();
    }

    private static double distance(GradientDistance distance, double[] real, double[] synthetic) {
        return distance.ofUnit(real, synthetic, new double[synthetic.length]);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("the derivative agrees with central differences")
    void agreesWithDifferences(GradientDistance distance) {
        double[] real = noise(27, 1);
        double[] synthetic = noise(27, 2);
        double[] derivative = new double[27];
        distance.ofUnit(real, synthetic, derivative);

        double step = 1e-5;
        for (int i = 0; i < synthetic.length; i++) {
            double[] up = synthetic.clone();
            double[] down = synthetic.clone();
            up[i] += step;
            down[i] -= step;
            double difference = (distance(distance, real, up) - distance(distance, real, down)) / (2 * step);
            assertThat(derivative[i]).isCloseTo(difference, within(1e-6 * Math.max(Math.abs(difference), 1e-2)));
        }
    }

    @ParameterizedTest
    @CsvSource({"MSE, 12", "L1, 6", "COS, 0.266667"})
    @DisplayName("is a sum over the components, not a mean")
    void isASum(GradientDistance distance, double expected) {
        // differences 2, -2, 2; product 11 and norms 3 and 5
        assertThat(distance(distance, REAL, SYNTHETIC)).isCloseTo(expected, within(1e-6));
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("equal gradients have distance 0")
    void vanishesForEqualGradients(GradientDistance distance) {
        assertThat(distance(distance, REAL, REAL)).isCloseTo(0, within(1e-6));
    }

    @Test
    @DisplayName("cosine adds 1e-6 to the product of the norms")
    void pinsTheSafetyTerm() {
        // parallel vectors of length 1e-3: 1 - 1e-6 / (1e-6 + 1e-6)
        assertThat(distance(GradientDistance.COS, new double[] {1e-3, 0}, new double[] {1e-3, 0}))
                .isCloseTo(0.5, within(1e-12));
    }

    @Test
    @DisplayName("absolute differences have derivative 0 where there is no difference")
    void takesTheSubgradientZero() {
        double[] derivative = {9, 9, 9};
        GradientDistance.L1.ofUnit(REAL, new double[] {1, 5, -5}, derivative);

        assertThat(derivative).containsExactly(0, 1, -1);
    }

    @Test
    @DisplayName("the cosine of a zero gradient is 0, with a finite derivative")
    void survivesZeroNorms() {
        double[] zero = new double[3];
        double[] derivative = new double[3];

        assertThat(GradientDistance.COS.ofUnit(zero, SYNTHETIC, derivative)).isEqualTo(1);
        assertThat(derivative).containsExactly(new double[3], within(0.0));

        assertThat(GradientDistance.COS.ofUnit(REAL, zero, derivative)).isEqualTo(1);
        assertThat(derivative).containsExactly(new double[] {-1e6, -2e6, -2e6}, within(1e-3));

        assertThat(GradientDistance.COS.ofUnit(zero, zero, derivative)).isEqualTo(1);
        assertThat(derivative).containsExactly(new double[3], within(0.0));
    }
}
