package dev.reverie.lab.continual;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.dataset.ImageShape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A memory of an experiment")
class MemoryMethodTest {

    @ParameterizedTest
    @CsvSource({"DM, 1, 1", "DM, 3, 2", "DM_AND_RESERVOIR, 3, 1", "RESERVOIR, 3, 1", "TILE, 1, 2", "DREAM, 1, 2"})
    @DisplayName("has the factor that a service learns with, or 1 if whole real images are in it")
    void factor(MemoryMethod method, int channels, int factor) {
        assertThat(method.factor(new ImageShape(channels, 32, 32))).isEqualTo(factor);
    }
}
