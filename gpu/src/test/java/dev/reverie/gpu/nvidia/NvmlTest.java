package dev.reverie.gpu.nvidia;

import static org.assertj.core.api.Assertions.assertThat;

import dev.reverie.gpu.nvidia.NativeLibrary.CallException;
import dev.reverie.gpu.nvidia.Nvml.GpuTelemetry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("NVIDIA's nvml library")
class NvmlTest {

    private static final long HANDLES = 0x7000_0000_1000L;

    @Test
    @DisplayName("tells the utilisation, the memory, the temperature and the power of every card")
    void cards() {
        Nvml nvml = started(new Cards(2, Set.of()));

        assertThat(nvml.gpus()).containsExactly(card(0, 0.25, 1L << 30, 41, 300.5), card(1, 0.5, 1L << 31, 42, 300.5));
    }

    @Test
    @DisplayName("leaves out what a card does not support, and tells the rest")
    void unsupported() {
        Nvml nvml = started(new Cards(1, Set.of("nvmlDeviceGetUtilizationRates 0", "nvmlDeviceGetPowerUsage 0")));

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
        Nvml nvml = started(new Cards(2, Set.of("nvmlDeviceGetHandleByIndex_v2 0")));

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
        assertThat(started(new Cards(1, Set.of("nvmlSystemGetDriverVersion"))).driverVersion())
                .isEmpty();
    }

    @Test
    @DisplayName("lists no card while it does not answer")
    void silent() {
        assertThat(started(new Cards(1, Set.of("nvmlDeviceGetCount_v2"))).gpus())
                .isEmpty();
    }

    @Test
    @DisplayName("is absent if it does not start")
    void doesNotStart() {
        assertThat(Nvml.started(new Cards(1, Set.of("nvmlInit_v2")))).isEmpty();
    }

    private static Nvml started(NativeLibrary library) {
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

    /**
     * A library that lists cards, with the functions of NVIDIA's nvml.h.
     *
     * @param failing functions that report an error, for example {@code nvmlDeviceGetPowerUsage 0} for the first card
     */
    private record Cards(int count, Set<String> failing) implements NativeLibrary {

        @Override
        public void call(String function, Object... arguments) {
            int device = device(arguments);
            if (failing.contains(function) || failing.contains(function + " " + device)) {
                throw new CallException(function + " answers with error 3");
            }
            switch (function) {
                case "nvmlInit_v2" -> assertThat(arguments).isEmpty();
                case "nvmlSystemGetDriverVersion" -> {
                    assertThat(last(arguments)).isEqualTo(address(arguments, 0).byteSize());
                    address(arguments, 0).setString(0, "550.54.15");
                }
                case "nvmlDeviceGetCount_v2" -> fill(address(arguments, 0), count);
                case "nvmlDeviceGetHandleByIndex_v2" ->
                    address(arguments, 1).set(ValueLayout.ADDRESS, 0, MemorySegment.ofAddress(HANDLES + device));
                case "nvmlDeviceGetUtilizationRates" -> fill(address(arguments, 1), 25 * (device + 1), 12);
                case "nvmlDeviceGetMemoryInfo" -> {
                    MemorySegment totalFreeAndUsed = address(arguments, 1);
                    totalFreeAndUsed.setAtIndex(ValueLayout.JAVA_LONG, 0, 1L << 36);
                    totalFreeAndUsed.setAtIndex(ValueLayout.JAVA_LONG, 1, 77L << 30);
                    totalFreeAndUsed.setAtIndex(ValueLayout.JAVA_LONG, 2, (device + 1L) << 30);
                }
                case "nvmlDeviceGetTemperature" -> {
                    assertThat(arguments[1]).isEqualTo(0); // the sensor of the chip
                    fill(address(arguments, 2), 41 + device);
                }
                case "nvmlDeviceGetPowerUsage" -> fill(address(arguments, 1), 300_500);
                default -> throw new CallException(function + " is missing in NVIDIA's library");
            }
        }

        /** The card that the first argument means: its index, or its handle. */
        private static int device(Object... arguments) {
            return switch (arguments.length == 0 ? "" : arguments[0]) {
                case Integer index -> index;
                case MemorySegment handle -> (int) (handle.address() - HANDLES);
                default -> -1;
            };
        }

        private static MemorySegment address(Object[] arguments, int index) {
            return (MemorySegment) arguments[index];
        }

        private static long last(Object... arguments) {
            return ((Integer) arguments[arguments.length - 1]).longValue();
        }

        private static void fill(MemorySegment target, int... values) {
            target.copyFrom(MemorySegment.ofArray(values));
        }
    }
}
