package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.Gpu;
import dev.reverie.gpu.nvidia.NvidiaDriver;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("The engine on libtorch")
class TorchEngineTest {

    @ParameterizedTest
    @CsvSource({"7,5", "8,0", "9,0", "12,0"})
    @DisplayName("accepts GPUs from Turing on")
    void accepts(int major, int minor) {
        assertThat(TorchEngine.unusable(driver(major, minor))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"6,1", "7,0"})
    @DisplayName("refuses older GPUs, and says what to do")
    void refuses(int major, int minor) {
        assertThat(TorchEngine.unusable(driver(major, minor)))
                .hasValueSatisfying(reason ->
                        assertThat(reason).contains(major + "." + minor).contains("REVERIE_ENGINE=nd4j"));
    }

    private static NvidiaDriver driver(int major, int minor) {
        return new NvidiaDriver(
                Optional.empty(), Optional.empty(), List.of(new Gpu("card", major, minor, 1L << 34)), Optional.empty());
    }
}
