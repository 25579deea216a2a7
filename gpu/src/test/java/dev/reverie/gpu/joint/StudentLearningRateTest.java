package dev.reverie.gpu.joint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A student's learning rate")
class StudentLearningRateTest {

    @Test
    @DisplayName("descends its derivative with momentum")
    void learns() {
        StudentLearningRate first = StudentLearningRate.of(0.5).step(1, 0.125, 0.5);
        StudentLearningRate second = first.step(-2, 0.125, 0.5);

        assertThat(first).isEqualTo(new StudentLearningRate(0.375, 1));
        assertThat(second).isEqualTo(new StudentLearningRate(0.5625, -1.5));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"1e30, 0.005", "1, 0.005", "-1e30, 0.02", "-5, 0.02"})
    @DisplayName("changes by a factor of two at most, and then loses its momentum")
    void isBounded(double derivative, double bound) {
        assertThat(new StudentLearningRate(0.01, 3).step(derivative, 10, 0.5)).isEqualTo(StudentLearningRate.of(bound));
    }

    @Test
    @DisplayName("is never zero, negative or infinite")
    void isPositive() {
        for (double value : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> StudentLearningRate.of(value)).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
