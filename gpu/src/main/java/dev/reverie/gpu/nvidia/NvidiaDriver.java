package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * NVIDIA's driver on this machine.
 *
 * @param version its version, for example {@code 550.54.15}, if its management library works
 * @param cuda the newest CUDA that it supports, for example {@code 12.4}, if it says so
 * @param gpus the GPUs that it finds
 * @param problem why it finds none, as part of a sentence; empty if it finds one
 */
public record NvidiaDriver(Optional<String> version, Optional<String> cuda, List<Gpu> gpus, Optional<String> problem) {

    /** The library that the driver installs for programs that use CUDA. */
    public static final String LIBRARY = "libcuda.so.1";

    static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    public NvidiaDriver {
        gpus = List.copyOf(gpus);
    }

    /** Asks the driver of this machine; empty if none is installed. */
    public static Optional<NvidiaDriver> ofThisMachine() {
        try (Arena arena = Arena.ofConfined()) {
            return NativeLibrary.load(LIBRARY, arena)
                    .map(library ->
                            ask(new NativeCuda(library), Nvml.ofThisMachine().flatMap(Nvml::driverVersion)));
        }
    }

    /** Its library, for the rest of this process. */
    static NativeLibrary library() {
        return NativeLibrary.load(LIBRARY, Arena.global())
                .orElseThrow(() -> new IllegalStateException("this machine has no NVIDIA driver"));
    }

    static NvidiaDriver ask(CudaLibrary library, Optional<String> version) {
        Optional<String> cuda = Optional.empty();
        try {
            int number = library.cudaVersion();
            cuda = Optional.of(number / 1000 + "." + number % 1000 / 10);
            library.start();
            List<Gpu> gpus = IntStream.range(0, library.devices())
                    .mapToObj(device -> gpu(library, device))
                    .toList();
            return new NvidiaDriver(
                    version,
                    cuda,
                    gpus,
                    gpus.isEmpty()
                            ? Optional.of("the NVIDIA driver finds no device on this machine")
                            : Optional.empty());
        } catch (CallException e) {
            return new NvidiaDriver(
                    version,
                    cuda,
                    List.of(),
                    Optional.of("the NVIDIA driver finds no device on this machine (" + e.getMessage() + ")"));
        }
    }

    private static Gpu gpu(CudaLibrary library, int device) {
        return new Gpu(
                library.name(device),
                library.attribute(CAPABILITY_MAJOR, device),
                library.attribute(CAPABILITY_MINOR, device),
                library.memoryBytes(device));
    }
}
