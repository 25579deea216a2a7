package dev.reverie.gpu.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("NVIDIA's nvml library")
class NvmlTest {

    private static final int NOT_SUPPORTED = 3;
    private static final int DRIVER_NOT_LOADED = 9;
    private static final int GPU_IS_LOST = 15;

    @Test
    @DisplayName("tells the utilisation, the memory, the temperature and the power of every card")
    void cards() {
        // when
        Nvml nvml = started(new Cards(2, Set.of()));

        // then
        assertThat(nvml.gpus()).containsExactly(card(0, 0.25, 1L << 30, 41, 300.5), card(1, 0.5, 1L << 31, 42, 300.5));
    }

    @Test
    @DisplayName("leaves out what a card does not support, and tells the rest")
    void unsupported() {
        // when
        Nvml nvml = started(new Cards(1, Set.of("utilisation 0", "power 0")));

        // then
        assertThat(nvml.gpus())
                .containsExactly(new GpuTelemetry(
                        0,
                        OptionalDouble.empty(),
                        OptionalLong.of(1L << 30),
                        OptionalLong.of(1L << 36),
                        OptionalDouble.of(41),
                        OptionalDouble.empty()));
    }

    @Test
    @DisplayName("tells nothing of a card that is lost, and tells of the others")
    void lost() {
        // when
        Nvml nvml = started(new Cards(2, Set.of("utilisation 0", "memory 0", "temperature 0", "power 0")));

        // then
        assertThat(nvml.gpus())
                .containsExactly(
                        new GpuTelemetry(
                                0,
                                OptionalDouble.empty(),
                                OptionalLong.empty(),
                                OptionalLong.empty(),
                                OptionalDouble.empty(),
                                OptionalDouble.empty()),
                        card(1, 0.5, 1L << 31, 42, 300.5));
    }

    @Test
    @DisplayName("names the version of the driver, if it knows it")
    void driverVersion() {
        assertThat(started(new Cards(1, Set.of())).driverVersion()).hasValue("550.54.15");
        assertThat(started(new Cards(1, Set.of("version"))).driverVersion()).isEmpty();
    }

    @Test
    @DisplayName("lists no card while it does not answer")
    void silent() {
        assertThat(started(new Cards(1, Set.of("devices"))).gpus()).isEmpty();
    }

    @Test
    @DisplayName("is absent if it does not start")
    void doesNotStart() {
        assertThat(Nvml.started(new Cards(1, Set.of("start")))).isEmpty();
    }

    private static Nvml started(NvmlLibrary library) {
        return Nvml.started(library).orElseThrow();
    }

    private static GpuTelemetry card(int index, double utilisation, long used, double celsius, double watts) {
        return new GpuTelemetry(
                index,
                OptionalDouble.of(utilisation),
                OptionalLong.of(used),
                OptionalLong.of(1L << 36),
                OptionalDouble.of(celsius),
                OptionalDouble.of(watts));
    }

    /** A library that lists cards, and some of whose functions report an error, for example {@code power 0}. */
    private record Cards(int count, Set<String> failing) implements NvmlLibrary {

        @Override
        public void start() {
            answer("start", DRIVER_NOT_LOADED);
        }

        @Override
        public String driverVersion() {
            answer("version", NOT_SUPPORTED);
            return "550.54.15";
        }

        @Override
        public int devices() {
            answer("devices", GPU_IS_LOST);
            return count;
        }

        @Override
        public int utilisationPercent(int device) {
            answer("utilisation " + device, NOT_SUPPORTED);
            return 25 * (device + 1);
        }

        @Override
        public Memory memory(int device) {
            answer("memory " + device, GPU_IS_LOST);
            return new Memory(1L << 36, (device + 1L) << 30);
        }

        @Override
        public int celsius(int device) {
            answer("temperature " + device, GPU_IS_LOST);
            return 41 + device;
        }

        @Override
        public int milliwatts(int device) {
            answer("power " + device, NOT_SUPPORTED);
            return 300_500;
        }

        private void answer(String function, int status) {
            if (failing.contains(function)) {
                throw new CallException(function, status);
            }
        }
    }
}
