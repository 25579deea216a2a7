package dev.reverie.gpu.nvidia;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import dev.reverie.gpu.nvidia.NvmlLibrary.Memory;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Calls functions of Java as if they were those of the library, with the types that NVIDIA's nvml.h declares. */
@DisplayName("The native interface of NVIDIA's nvml library")
class NativeNvmlTest {

    private static final int DEVICE = 1;
    private static final long HANDLE = 0x7000_0000_1000L;
    private static final int INVALID_ARGUMENT = 2;

    private final Arena arena = Arena.ofShared();
    private final Map<String, MemorySegment> functions = new HashMap<>();
    private final NativeNvml nvml =
            new NativeNvml(new NativeLibrary(name -> Optional.ofNullable(functions.get(name)), arena));

    @AfterEach
    void close() {
        arena.close();
    }

    @Test
    @DisplayName("reads each value from the text, the structure or the number that the function fills")
    void values() throws Exception {
        // given
        define("nvmlInit_v2", "start");
        define("nvmlSystemGetDriverVersion", "driverVersion", ValueLayout.ADDRESS, ValueLayout.JAVA_INT);
        define("nvmlDeviceGetCount_v2", "count", ValueLayout.ADDRESS);
        define("nvmlDeviceGetHandleByIndex_v2", "handle", ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        define("nvmlDeviceGetUtilizationRates", "utilisation", ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        define("nvmlDeviceGetMemoryInfo", "memory", ValueLayout.ADDRESS, ValueLayout.ADDRESS);
        define("nvmlDeviceGetTemperature", "celsius", ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.ADDRESS);
        define("nvmlDeviceGetPowerUsage", "milliwatts", ValueLayout.ADDRESS, ValueLayout.ADDRESS);

        // when
        nvml.start();

        // then
        assertThat(nvml.driverVersion()).isEqualTo("550.54.15");
        assertThat(nvml.devices()).isEqualTo(2);
        assertThat(nvml.utilisationPercent(DEVICE)).isEqualTo(97);
        assertThat(nvml.memory(DEVICE)).isEqualTo(new Memory(80L << 30, 3L << 30));
        assertThat(nvml.celsius(DEVICE)).isEqualTo(41);
        assertThat(nvml.milliwatts(DEVICE)).isEqualTo(700_000);
    }

    @Test
    @DisplayName("reports a function that an older or newer library lacks, and the status of one that fails")
    void failures() throws Exception {
        define("nvmlDeviceGetHandleByIndex_v2", "handle", ValueLayout.JAVA_INT, ValueLayout.ADDRESS);

        assertThatThrownBy(() -> nvml.celsius(DEVICE))
                .isInstanceOf(CallException.class)
                .hasMessageStartingWith("nvmlDeviceGetTemperature is missing in NVIDIA's library");
        assertThatThrownBy(() -> nvml.celsius(DEVICE + 1))
                .isInstanceOf(CallException.class)
                .hasMessage("nvmlDeviceGetHandleByIndex_v2 answers with error 2");
    }

    @SuppressWarnings("restricted") // stands in for the driver's C interface
    private void define(String name, String method, MemoryLayout... arguments) throws ReflectiveOperationException {
        FunctionDescriptor descriptor = FunctionDescriptor.of(ValueLayout.JAVA_INT, arguments);
        MethodType type = descriptor.toMethodType();
        functions.put(
                name,
                Linker.nativeLinker()
                        .upcallStub(
                                MethodHandles.lookup().findStatic(Functions.class, method, type), descriptor, arena));
    }

    /** Functions that fill what their last argument points to, and return a status. */
    @SuppressWarnings("UnusedMethod") // found by their names
    private static final class Functions {

        private Functions() {}

        static int start() {
            return 0;
        }

        static int driverVersion(MemorySegment version, int length) {
            whole(version, length).setString(0, "550.54.15");
            return 0;
        }

        static int count(MemorySegment count) {
            return filled(count, 2);
        }

        static int handle(int device, MemorySegment handle) {
            if (device != DEVICE) {
                return INVALID_ARGUMENT;
            }
            whole(handle, ValueLayout.ADDRESS.byteSize()).set(ValueLayout.ADDRESS, 0, MemorySegment.ofAddress(HANDLE));
            return 0;
        }

        static int utilisation(MemorySegment device, MemorySegment rates) {
            return of(device, filled(rates, 97, 12));
        }

        static int memory(MemorySegment device, MemorySegment memory) {
            MemorySegment totalFreeAndUsed = whole(memory, 3 * ValueLayout.JAVA_LONG.byteSize());
            totalFreeAndUsed.setAtIndex(ValueLayout.JAVA_LONG, 0, 80L << 30);
            totalFreeAndUsed.setAtIndex(ValueLayout.JAVA_LONG, 1, 77L << 30);
            totalFreeAndUsed.setAtIndex(ValueLayout.JAVA_LONG, 2, 3L << 30);
            return of(device, 0);
        }

        static int celsius(MemorySegment device, int sensor, MemorySegment degrees) {
            return sensor == 0 ? of(device, filled(degrees, 41)) : INVALID_ARGUMENT;
        }

        static int milliwatts(MemorySegment device, MemorySegment power) {
            return of(device, filled(power, 700_000));
        }

        private static int of(MemorySegment device, int status) {
            return device.address() == HANDLE ? status : INVALID_ARGUMENT;
        }

        private static int filled(MemorySegment target, int... values) {
            whole(target, values.length * ValueLayout.JAVA_INT.byteSize()).copyFrom(MemorySegment.ofArray(values));
            return 0;
        }

        @SuppressWarnings("restricted") // stands in for the driver's C interface
        private static MemorySegment whole(MemorySegment pointer, long bytes) {
            return pointer.reinterpret(bytes);
        }
    }
}
