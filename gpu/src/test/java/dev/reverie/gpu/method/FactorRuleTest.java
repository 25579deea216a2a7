package dev.reverie.gpu.method;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A rule for the factor")
class FactorRuleTest {

    @ParameterizedTest(name = "{0}x{1}x{2}: {3} for few bytes, {4} for many")
    @CsvSource({
        "1, 28, 28, 1, 1",
        "3, 28, 28, 2, 1",
        "3, 32, 32, 2, 1",
        "3, 32, 33, 2, 2",
        "3, 64, 64, 2, 2",
        "3, 64, 65, 1, 1",
        "1, 64, 64, 1, 1"
    })
    @DisplayName("makes mosaics of small colour images, but of the smallest only where a class has few bytes")
    void factor(int channels, int height, int width, int few, int many) {
        ImageShape shape = new ImageShape(channels, height, width);

        assertThat(FactorRule.FEW_BYTES.factor(Method.DM, shape)).isEqualTo(few);
        assertThat(FactorRule.MANY_BYTES.factor(Method.DM, shape)).isEqualTo(many);
    }

    @Test
    @DisplayName("follows the bytes of a class; a class whose bytes are not limited has few images")
    void bytes() {
        assertThat(FactorRule.of(OptionalLong.of(16 << 10))).isEqualTo(FactorRule.MANY_BYTES);
        assertThat(FactorRule.of(OptionalLong.of((16 << 10) - 1))).isEqualTo(FactorRule.FEW_BYTES);
        assertThat(FactorRule.of(OptionalLong.empty())).isEqualTo(FactorRule.FEW_BYTES);
    }

    @ParameterizedTest
    @EnumSource
    @DisplayName("leaves methods other than dm the factor with which they were published")
    void otherMethods(FactorRule rule) {
        assertThat(rule.factor(Method.DREAM, new ImageShape(1, 128, 128))).isEqualTo(2);
        assertThat(rule.factor(Method.HERDING, new ImageShape(3, 32, 32))).isEqualTo(1);
    }
}
