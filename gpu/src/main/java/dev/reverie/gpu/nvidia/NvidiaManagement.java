package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import dev.reverie.gpu.nvidia.ManagementLibrary.Memory;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** NVIDIA's management library on this machine, which knows the state of the GPUs. Thread safe. */
public final class NvidiaManagement {

    /** The library that the driver installs for programs that watch its GPUs. */
    static final String LIBRARY = "libnvidia-ml.so.1";

    private static final double PERCENT = 100;
    private static final double MILLIWATTS = 1e3;

    private final ManagementLibrary library;

    private NvidiaManagement(ManagementLibrary library) {
        this.library = library;
    }

    /** Loads the library at the first call, and keeps it; empty if it is not installed or does not start. */
    public static Optional<NvidiaManagement> ofThisMachine() {
        return OfThisMachine.LOADED;
    }

    static Optional<NvidiaManagement> started(ManagementLibrary library) {
        try {
            library.start();
            return Optional.of(new NvidiaManagement(library));
        } catch (CallException _) {
            return Optional.empty(); // a machine without a working driver has no telemetry
        }
    }

    /** Asks for the state of all GPUs that the driver shows to this process; empty if the library does not answer. */
    public List<GpuTelemetry> gpus() {
        return IntStream.range(0, reported(_ -> library.devices(), 0).orElse(0))
                .mapToObj(this::gpu)
                .toList();
    }

    private GpuTelemetry gpu(int device) {
        Optional<Memory> memory = reported(library::memory, device);
        return new GpuTelemetry(
                device,
                scaled(reported(library::utilisationPercent, device), PERCENT),
                bytes(memory.map(Memory::usedBytes)),
                bytes(memory.map(Memory::totalBytes)),
                scaled(reported(library::celsius, device), 1),
                scaled(reported(library::milliwatts, device), MILLIWATTS));
    }

    /** Returns a value of a device; empty if the device does not support it or does not answer. */
    private static <T> Optional<T> reported(IntFunction<T> question, int device) {
        try {
            return Optional.of(question.apply(device));
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

        static final Optional<NvidiaManagement> LOADED =
                NativeLibrary.load(LIBRARY, Arena.global()).flatMap(library -> started(new NativeManagement(library)));
    }
}
