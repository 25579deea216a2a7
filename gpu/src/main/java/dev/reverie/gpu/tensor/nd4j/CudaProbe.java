package dev.reverie.gpu.tensor.nd4j;

import dev.reverie.gpu.nvidia.Gpu;
import dev.reverie.gpu.nvidia.NvidiaDriver;
import java.util.Optional;

/**
 * Judges, before ND4J loads, whether the GPU can run the {@value #BINARIES} binaries of ND4J. The binaries contain
 * machine code for compute capabilities 3.7 to 8.6, which also runs on 8.9, and no intermediate code, so GPUs of
 * compute capability 9.0 or higher are not supported.
 */
public final class CudaProbe {

    /** The binaries that the {@code cuda} profile adds. */
    static final String BINARIES = "cuda-11.6";

    private static final int OLDEST_MAJOR = 3;
    private static final int OLDEST_MINOR = 7;
    private static final int FIRST_UNSUPPORTED_MAJOR = 9;

    private CudaProbe() {}

    /**
     * The reason why ND4J can use no GPU, as part of a sentence; empty if it can use one.
     *
     * @param driver the driver of this machine, if it has one
     */
    public static Optional<String> unusable(Optional<NvidiaDriver> driver) {
        if (driver.isEmpty()) {
            return Optional.of(
                    "no usable GPU: the NVIDIA driver (" + NvidiaDriver.LIBRARY + ") is not installed on this machine");
        }
        return driver.get().gpus().stream().findFirst().map(CudaProbe::verdict).orElseGet(() -> driver.get()
                .problem()
                .map(problem -> "no usable GPU: " + problem));
    }

    private static Optional<String> verdict(Gpu gpu) {
        return gpu.isAtLeast(OLDEST_MAJOR, OLDEST_MINOR) && gpu.major() < FIRST_UNSUPPORTED_MAJOR
                ? Optional.empty()
                : Optional.of("this GPU has compute capability " + gpu.capability() + ", and nd4j-" + BINARIES
                        + " has binaries for 3.7 to 8.9 only");
    }
}
