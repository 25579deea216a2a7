package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.NativeLibrary.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.IntStream;

/** NVIDIA's management library (NVML) on this machine, which reports the state of the GPUs. Thread safe. */
public final class Nvml {

    private static final String LIBRARY = "libnvidia-ml.so.1";

    private static final int VERSION_LENGTH = 80;
    private static final int SENSOR_OF_THE_CHIP = 0;
    private static final double PERCENT = 100;
    private static final double MILLIWATTS = 1e3;

    private final NativeLibrary library;

    private Nvml(NativeLibrary library) {
        this.library = library;
    }

    /**
     * What NVIDIA's driver reports of a GPU at one moment, whichever process uses it. A value is empty if the driver
     * does not report it for this card.
     *
     * @param index number of the card, from 0, as {@code nvidia-smi} counts; CUDA may count otherwise
     * @param utilisation fraction of the driver's last sample period, at most a second, in which the card computed, 0
     *     to 1
     * @param memoryUsedBytes bytes of the card's memory that are in use, including what the driver reserves
     * @param memoryBytes size of the card's memory
     */
    public record GpuTelemetry(
            int index,
            OptionalDouble utilisation,
            OptionalLong memoryUsedBytes,
            OptionalLong memoryBytes,
            OptionalDouble celsius,
            OptionalDouble watts) {}

    /** Loads the library at the first call, and keeps it; empty if it is not installed or does not start. */
    public static Optional<Nvml> ofThisMachine() {
        return OfThisMachine.LOADED;
    }

    static Optional<Nvml> started(NativeLibrary library) {
        try {
            library.call("nvmlInit_v2");
            return Optional.of(new Nvml(library));
        } catch (CallException _) {
            return Optional.empty(); // without a working driver, there is nothing to report
        }
    }

    /** Asks for the version of the driver, for example {@code 550.54.15}; empty if the library does not answer. */
    public Optional<String> driverVersion() {
        return reported(arena -> {
            MemorySegment version = arena.allocate(VERSION_LENGTH);
            library.call("nvmlSystemGetDriverVersion", version, VERSION_LENGTH);
            return version.getString(0);
        });
    }

    /** Asks for the state of all GPUs that the driver shows to this process; empty if the library does not answer. */
    public List<GpuTelemetry> gpus() {
        int count = reported(arena -> {
                    MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
                    library.call("nvmlDeviceGetCount_v2", number);
                    return number.get(ValueLayout.JAVA_INT, 0);
                })
                .orElse(0);
        return IntStream.range(0, count).mapToObj(this::gpu).toList();
    }

    private GpuTelemetry gpu(int device) {
        Optional<long[]> totalFreeAndUsed = reported(arena -> {
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG, 3);
            library.call("nvmlDeviceGetMemoryInfo", handle(device, arena), bytes);
            return bytes.toArray(ValueLayout.JAVA_LONG);
        });
        return new GpuTelemetry(
                device,
                utilisation(device),
                bytes(totalFreeAndUsed, 2),
                bytes(totalFreeAndUsed, 0),
                celsius(device),
                watts(device));
    }

    private OptionalDouble utilisation(int device) {
        return scaled(PERCENT, arena -> {
            MemorySegment processorsAndMemory = arena.allocate(ValueLayout.JAVA_INT, 2);
            library.call("nvmlDeviceGetUtilizationRates", handle(device, arena), processorsAndMemory);
            return processorsAndMemory;
        });
    }

    private OptionalDouble celsius(int device) {
        return scaled(1, arena -> {
            MemorySegment degrees = arena.allocate(ValueLayout.JAVA_INT);
            library.call("nvmlDeviceGetTemperature", handle(device, arena), SENSOR_OF_THE_CHIP, degrees);
            return degrees;
        });
    }

    private OptionalDouble watts(int device) {
        return scaled(MILLIWATTS, arena -> {
            MemorySegment power = arena.allocate(ValueLayout.JAVA_INT);
            library.call("nvmlDeviceGetPowerUsage", handle(device, arena), power);
            return power;
        });
    }

    private MemorySegment handle(int device, Arena arena) {
        MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
        library.call("nvmlDeviceGetHandleByIndex_v2", device, handle);
        return handle.get(ValueLayout.ADDRESS, 0);
    }

    /** Returns the first number of an answer in another unit. */
    private static OptionalDouble scaled(double unit, Function<Arena, MemorySegment> question) {
        return reported(arena -> question.apply(arena).get(ValueLayout.JAVA_INT, 0))
                .map(number -> OptionalDouble.of(number / unit))
                .orElse(OptionalDouble.empty());
    }

    private static OptionalLong bytes(Optional<long[]> answer, int index) {
        return answer.map(numbers -> OptionalLong.of(numbers[index])).orElse(OptionalLong.empty());
    }

    /** Returns the answer to a question; empty if the library or the device does not support it or does not answer. */
    private static <T> Optional<T> reported(Function<Arena, T> question) {
        try (Arena arena = Arena.ofConfined()) {
            return Optional.of(question.apply(arena));
        } catch (CallException _) {
            return Optional.empty();
        }
    }

    /** Loads the library when it is used. */
    private static final class OfThisMachine {

        static final Optional<Nvml> LOADED =
                NativeLibrary.load(LIBRARY, Arena.global()).flatMap(Nvml::started);
    }
}
