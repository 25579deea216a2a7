package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import dev.reverie.gpu.nvidia.NvmlLibrary.Memory;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** NVIDIA's management library (NVML) on this machine, which reports the state of the GPUs. Thread safe. */
public final class Nvml {

    private static final String LIBRARY = "libnvidia-ml.so.1";

    private static final double PERCENT = 100;
    private static final double MILLIWATTS = 1e3;

    private final NvmlLibrary library;

    private Nvml(NvmlLibrary library) {
        this.library = library;
    }

    /** Loads the library at the first call, and keeps it; empty if it is not installed or does not start. */
    public static Optional<Nvml> ofThisMachine() {
        return OfThisMachine.LOADED;
    }

    static Optional<Nvml> started(NvmlLibrary library) {
        try {
            library.start();
            return Optional.of(new Nvml(library));
        } catch (CallException _) {
            return Optional.empty(); // without a working driver, there is nothing to report
        }
    }

    /** Asks for the version of the driver, for example {@code 550.54.15}; empty if the library does not answer. */
    public Optional<String> driverVersion() {
        return reported(library::driverVersion);
    }

    /** Asks for the state of all GPUs that the driver shows to this process; empty if the library does not answer. */
    public List<GpuTelemetry> gpus() {
        return IntStream.range(0, reported(library::devices).orElse(0))
                .mapToObj(this::gpu)
                .toList();
    }

    private GpuTelemetry gpu(int device) {
        Optional<Memory> memory = reported(() -> library.memory(device));
        return new GpuTelemetry(
                device,
                scaled(reported(() -> library.utilisationPercent(device)), PERCENT),
                bytes(memory.map(Memory::usedBytes)),
                bytes(memory.map(Memory::totalBytes)),
                scaled(reported(() -> library.celsius(device)), 1),
                scaled(reported(() -> library.milliwatts(device)), MILLIWATTS));
    }

    /** Returns the answer to a question; empty if the library or the device does not support it or does not answer. */
    private static <T> Optional<T> reported(Supplier<T> question) {
        try {
            return Optional.of(question.get());
        } catch (CallException _) {
            return Optional.empty();
        }
    }

    private static OptionalDouble scaled(Optional<Integer> value, double unit) {
        return value.map(number -> OptionalDouble.of(number / unit)).orElse(OptionalDouble.empty());
    }

    private static OptionalLong bytes(Optional<Long> value) {
        return value.map(OptionalLong::of).orElse(OptionalLong.empty());
    }

    /** Loads the library when it is used. */
    private static final class OfThisMachine {

        static final Optional<Nvml> LOADED =
                NativeLibrary.load(LIBRARY, Arena.global()).flatMap(library -> started(new NativeNvml(library)));
    }
}
