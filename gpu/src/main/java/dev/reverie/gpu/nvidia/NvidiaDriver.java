package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.NativeLibrary.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/**
 * NVIDIA's driver on this machine.
 *
 * @param version its version, for example {@code 550.54.15}, if its management library works
 * @param cuda the newest CUDA that it supports, for example {@code 12.4}, if it says so
 * @param problem why it finds none, as part of a sentence; empty if it finds one
 */
public record NvidiaDriver(Optional<String> version, Optional<String> cuda, List<Gpu> gpus, Optional<String> problem) {

    /** The library that the driver installs for programs that use CUDA. */
    public static final String LIBRARY = "libcuda.so.1";

    private static final String NO_DEVICE = "the NVIDIA driver finds no device on this machine";

    private static final int NAME_LENGTH = 256;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;

    public NvidiaDriver {
        gpus = List.copyOf(gpus);
    }

    /** A GPU that NVIDIA's driver finds, with the two numbers of its compute capability. */
    public record Gpu(String name, int major, int minor, long memoryBytes) {

        /** The compute capability, for example {@code 9.0}. */
        public String capability() {
            return major + "." + minor;
        }

        /** Whether the compute capability is the given one or higher. */
        public boolean isAtLeast(int wantedMajor, int wantedMinor) {
            return major > wantedMajor || (major == wantedMajor && minor >= wantedMinor);
        }
    }

    /** Asks the driver of this machine; empty if none is installed. */
    public static Optional<NvidiaDriver> ofThisMachine() {
        try (Arena arena = Arena.ofConfined()) {
            return NativeLibrary.load(LIBRARY, arena)
                    .map(library -> ask(library, Nvml.ofThisMachine().flatMap(Nvml::driverVersion)));
        }
    }

    static NvidiaDriver ask(NativeLibrary library, Optional<String> version) {
        Optional<String> cuda = Optional.empty();
        try {
            int number = number(address -> library.call("cuDriverGetVersion", address));
            cuda = Optional.of(number / 1000 + "." + number % 1000 / 10);
            library.call("cuInit", 0);
            int count = number(address -> library.call("cuDeviceGetCount", address));
            List<Gpu> gpus = IntStream.range(0, count)
                    .mapToObj(device -> gpu(library, device))
                    .toList();
            return new NvidiaDriver(version, cuda, gpus, Optional.of(NO_DEVICE).filter(_ -> gpus.isEmpty()));
        } catch (CallException e) {
            return new NvidiaDriver(version, cuda, List.of(), Optional.of(NO_DEVICE + " (" + e.getMessage() + ")"));
        }
    }

    private static Gpu gpu(NativeLibrary library, int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment name = arena.allocate(NAME_LENGTH);
            library.call("cuDeviceGetName", name, NAME_LENGTH, device);
            MemorySegment bytes = arena.allocate(ValueLayout.JAVA_LONG);
            library.call("cuDeviceTotalMem_v2", bytes, device);
            return new Gpu(
                    name.getString(0),
                    number(address -> library.call("cuDeviceGetAttribute", address, CAPABILITY_MAJOR, device)),
                    number(address -> library.call("cuDeviceGetAttribute", address, CAPABILITY_MINOR, device)),
                    bytes.get(ValueLayout.JAVA_LONG, 0));
        }
    }

    private static int number(Consumer<MemorySegment> call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment number = arena.allocate(ValueLayout.JAVA_INT);
            call.accept(number);
            return number.get(ValueLayout.JAVA_INT, 0);
        }
    }
}
