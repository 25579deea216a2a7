package dev.reverie.gpu.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.nvidia.Gpu;
import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.tensor.DeviceException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
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

    @Test
    @DisplayName("computes in full single precision unless REVERIE_TF32 is on")
    void tf32() {
        assertThat(TorchEngine.tf32(Optional.empty())).isFalse();
        assertThat(TorchEngine.tf32(Optional.of("off"))).isFalse();
        assertThat(TorchEngine.tf32(Optional.of("on"))).isTrue();
    }

    @Test
    @DisplayName("refuses another value of REVERIE_TF32")
    void refusesTf32() {
        assertThatThrownBy(() -> TorchEngine.tf32(Optional.of("yes")))
                .isInstanceOf(DeviceException.class)
                .hasMessageStartingWith("REVERIE_TF32 must be on or off, not 'yes'");
    }

    private static NvidiaDriver driver(int major, int minor) {
        return new NvidiaDriver(
                Optional.empty(), Optional.empty(), List.of(new Gpu("card", major, minor, 1L << 34)), Optional.empty());
    }
}
