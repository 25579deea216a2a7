package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.gpu.tensor.nd4j.Nd4jEngine;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("The choice of an engine")
class EngineChoiceTest {

    private static final KernelEngine ND4J = new Nd4jEngine();
    private static final KernelEngine TORCH =
            new KernelEngineStandIn(EngineName.TORCH, new KernelEngine.Details("0", "torch", false), () -> {
                throw new AssertionError("not chosen to compute");
            });

    @ParameterizedTest(name = "{0} is {1}")
    @CsvSource({"nd4j,ND4J", "cpu,ND4J", "torch,TORCH"})
    @DisplayName("takes the engine that is named, whatever else is there")
    void byName(String wanted, EngineName name) {
        assertThat(Device.choose(List.of(TORCH, ND4J), Optional.of(wanted)).name())
                .isEqualTo(name);
    }

    @Test
    @DisplayName("takes libtorch if none is named and the class path has it, otherwise ND4J")
    void byDefault() {
        assertThat(Device.choose(List.of(ND4J, TORCH), Optional.empty()).name()).isEqualTo(EngineName.TORCH);
        assertThat(Device.choose(List.of(ND4J, TORCH), Optional.of("auto")).name())
                .isEqualTo(EngineName.TORCH);
        assertThat(Device.choose(List.of(ND4J), Optional.of("auto")).name()).isEqualTo(EngineName.ND4J);
    }

    @Test
    @DisplayName("says how to get an engine that is not there")
    void missing() {
        assertThatThrownBy(() -> Device.choose(List.of(ND4J), Optional.of("torch")))
                .isInstanceOf(DeviceException.class)
                .hasMessageContaining("start with REVERIE_ENGINE=torch ./reverie")
                .hasMessageContaining("REVERIE_ENGINE=torch ./reverie package");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gpu", "ND4J", " "})
    @DisplayName("lists the engines if the name is unknown")
    void unknown(String wanted) {
        assertThatThrownBy(() -> Device.choose(List.of(ND4J), Optional.of(wanted)))
                .isInstanceOf(DeviceException.class)
                .hasMessage("REVERIE_ENGINE must be auto or one of nd4j, torch, cuda, not '" + wanted + "'");
    }

    @Test
    @DisplayName("is on no GPU if the engine of this process computes on the CPU")
    void onTheCpu() {
        Device.kernels();

        assertThat(Device.computesOnGpu()).isFalse();
    }
}
