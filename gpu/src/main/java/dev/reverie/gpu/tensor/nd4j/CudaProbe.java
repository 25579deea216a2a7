package dev.reverie.gpu.tensor.nd4j;

import dev.reverie.gpu.tensor.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Optional;

/**
 * Asks the NVIDIA driver, before ND4J loads, whether the GPU can run the binaries of {@code nd4j-cuda-11.6}. The
 * binaries contain machine code for compute capabilities 3.7 to 8.6, which also runs on 8.9, and no intermediate code,
 * so GPUs of compute capability 9.0 or higher are not supported.
 */
@SuppressWarnings("restricted") // calls the driver's C interface
final class CudaProbe {

    private static final int OLDEST_MAJOR = 3;
    private static final int OLDEST_MINOR = 7;
    private static final int FIRST_UNSUPPORTED_MAJOR = 9;
    private static final int CAPABILITY_MAJOR = 75;
    private static final int CAPABILITY_MINOR = 76;
    private static final String ADVICE = "; set REVERIE_ENGINE=cpu to use the CPU";

    private CudaProbe() {}

    /** The reason why no GPU can be used, as a sentence; empty if a GPU can be used. */
    static Optional<String> unusable() {
        try (Arena arena = Arena.ofConfined()) {
            return unusable(new Driver(SymbolLookup.libraryLookup("libcuda.so.1", arena), arena));
        } catch (IllegalArgumentException e) {
            return Optional.of(
                    "no usable GPU: the NVIDIA driver (libcuda.so.1) is not installed on this machine" + ADVICE);
        }
    }

    private static Optional<String> unusable(Driver driver) {
        if (driver.call("cuInit", 0) != 0 || driver.deviceCount() < 1) {
            return Optional.of("no usable GPU: the NVIDIA driver finds no device on this machine" + ADVICE);
        }
        return verdict(driver.attribute(CAPABILITY_MAJOR), driver.attribute(CAPABILITY_MINOR));
    }

    /** The reason why a GPU with the given compute capability cannot be used; empty if it can be used. */
    static Optional<String> verdict(int major, int minor) {
        boolean tooOld = major < OLDEST_MAJOR || (major == OLDEST_MAJOR && minor < OLDEST_MINOR);
        return !tooOld && major < FIRST_UNSUPPORTED_MAJOR
                ? Optional.empty()
                : Optional.of("this GPU has compute capability " + major + "." + minor
                        + ", and nd4j-cuda-11.6 has binaries for 3.7 to 8.9 only" + ADVICE);
    }

    /** Calls functions of the driver's C interface, each of which returns 0 on success. */
    private record Driver(SymbolLookup library, Arena arena) {

        int call(String function, int argument) {
            return invoke(function, FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT), argument);
        }

        int deviceCount() {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            int status =
                    invoke("cuDeviceGetCount", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS), count);
            return status == 0 ? count.get(ValueLayout.JAVA_INT, 0) : 0;
        }

        int attribute(int attribute) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_INT);
            invoke(
                    "cuDeviceGetAttribute",
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
                    value,
                    attribute,
                    0);
            return value.get(ValueLayout.JAVA_INT, 0);
        }

        private int invoke(String function, FunctionDescriptor signature, Object... arguments) {
            try {
                return (int) Linker.nativeLinker()
                        .downcallHandle(library.findOrThrow(function), signature)
                        .invokeWithArguments(arguments);
            } catch (Throwable e) {
                throw new DeviceException(
                        "the NVIDIA driver did not answer " + function + ": " + e.getMessage() + ADVICE, e);
            }
        }
    }
}
