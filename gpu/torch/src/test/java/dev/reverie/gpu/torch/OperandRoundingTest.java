package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.Tensor;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("Operands of libtorch")
class OperandRoundingTest {

    @BeforeAll
    static void load() {
        new TorchEngine().open();
    }

    @AfterEach
    void restore() {
        OperandRounding.roundOnProcessor(false);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("are rounded only if the variable is on")
    void offByDefault(OperandRounding rounding) {
        assertThat(rounding.wanted(Optional.empty())).isFalse();
        assertThat(rounding.wanted(Optional.of(" "))).isFalse();
        assertThat(rounding.wanted(Optional.of("off"))).isFalse();
        assertThat(rounding.wanted(Optional.of("on"))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"TF32, REVERIE_TF32", "BF16, REVERIE_BF16"})
    @DisplayName("are not rounded for another value, which is refused")
    void refusesOther(OperandRounding rounding, String variable) {
        assertThatThrownBy(() -> rounding.wanted(Optional.of("yes")))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith(variable + " must be on or off, not 'yes'");
    }

    @Test
    @DisplayName("keep single precision on a processor unless they are rounded")
    void exact() {
        assertThat(OperandRounding.roundOnProcessor(false)).isFalse();
        assertThat(error()).isLessThan(1e-6);
    }

    @Test
    @DisplayName("rounded to bfloat16 change a convolution by less than a hundredth")
    void rounded() {
        assumeThat(OperandRounding.roundOnProcessor(true)).isTrue();

        assertThat(error()).isBetween(1e-4, 1e-2);
    }

    /** The distance of a convolution from the same one in double precision, relative to the norm of its result. */
    private static double error() {
        double[] expected = convolved(Precision.DOUBLE);
        double[] actual = convolved(Precision.SINGLE);
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < expected.length; i++) {
            difference += Math.pow(actual[i] - expected[i], 2);
            norm += Math.pow(expected[i], 2);
        }
        return Math.sqrt(difference / norm);
    }

    private static double[] convolved(Precision precision) {
        Kernels kernels = new TorchKernels(precision, TorchMemory.ofHost());
        Random random = new Random(7);
        try (Tensor x = kernels.allocate(8, 32, 8, 8);
                Tensor w = kernels.allocate(32, 32, 3, 3);
                Tensor y = kernels.allocate(8, 32, 8, 8)) {
            x.write(0, random.doubles(x.size()).toArray());
            w.write(0, random.doubles(w.size()).toArray());
            kernels.convolve(x, w, 1, y);
            return y.toDoubles();
        }
    }
}
