package dev.reverie.gpu.tensor.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("For ND4J")
class CudaSupportTest {

    @ParameterizedTest
    @CsvSource({"3,7", "7,0", "8,6", "8,9"})
    @DisplayName("a GPU that the CUDA 11.6 binaries support is accepted")
    void acceptsServedGpus(int major, int minor) {
        assertThat(unusable(major, minor)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"3,5", "9,0", "10,0", "12,0"})
    @DisplayName("an older or newer GPU is refused in one sentence that names its compute capability")
    void refusesOtherGpus(int major, int minor) {
        assertThat(unusable(major, minor)).hasValueSatisfying(reason -> assertThat(reason)
                .contains("compute capability " + major + "." + minor)
                .contains("3.7 to 8.9")
                .doesNotContain("\n"));
    }

    @Test
    @DisplayName("a machine without a driver, or whose driver finds no device, has no usable GPU")
    void refusesNone() {
        assertThat(Nd4jEngine.problem(Optional.empty()))
                .hasValue("no usable GPU: the NVIDIA driver (libcuda.so.1) is not installed on this machine");
        assertThat(Nd4jEngine.problem(Optional.of(
                        new NvidiaDriver(Optional.empty(), Optional.empty(), List.of(), Optional.of("it finds none")))))
                .hasValue("no usable GPU: it finds none");
    }

    private static Optional<String> unusable(int major, int minor) {
        return Nd4jEngine.problem(Optional.of(new NvidiaDriver(
                Optional.empty(),
                Optional.of("12.4"),
                List.of(new Gpu("NVIDIA card", major, minor, 1L << 33)),
                Optional.empty())));
    }
}
