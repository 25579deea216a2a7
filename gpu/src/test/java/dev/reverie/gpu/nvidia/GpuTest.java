package dev.reverie.gpu.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A GPU")
class GpuTest {

    @ParameterizedTest(name = "{0}.{1}")
    @CsvSource({"7,0,false", "6,9,false", "7,5,true", "7,6,true", "8,0,true", "12,0,true"})
    @DisplayName("has at least a compute capability if the pair of its numbers is not lower")
    void comparesCapabilities(int major, int minor, boolean sufficient) {
        assertThat(new Gpu("card", major, minor, 1L << 33).isAtLeast(7, 5)).isEqualTo(sufficient);
    }
}
