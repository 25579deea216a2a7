package dev.reverie.gpu.tensor.nd4j;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.vector.VectorKernels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.Loader;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J with the backend that is on the class path: for the CPU or, with the {@code cuda} profile, for NVIDIA GPUs. */
public final class Nd4jEngine implements KernelEngine {

    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
    private static final String LOADED_EXTENSION = "platform.extension";
    private static final String VERSION = "/META-INF/maven/org.nd4j/nd4j-api/pom.properties";
    private static final String CUDA_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    private static final String CPU_LIBRARY = "org/nd4j/linalg/cpu/nativecpu/bindings/%s%s/libnd4jcpu.so";

    /**
     * The binaries that the {@code cuda} profile adds. They contain machine code for compute capabilities 3.7 to 8.6,
     * which also runs on 8.9, and no intermediate code, so GPUs of compute capability 9.0 or higher are not supported.
     */
    private static final String CUDA_BINARIES = "cuda-11.6";

    private static final int OLDEST_MAJOR = 3;
    private static final int OLDEST_MINOR = 7;
    private static final int FIRST_UNSUPPORTED_MAJOR = 9;

    private static final String USE_CPU = "; set REVERIE_ENGINE=nd4j to use the CPU";

    private final boolean cuda = hasResource(CUDA_BACKEND);

    @Override
    public EngineName name() {
        return cuda ? EngineName.CUDA : EngineName.ND4J;
    }

    @Override
    public KernelEngine.Details details() {
        return new KernelEngine.Details(version(), build(), cuda);
    }

    private String build() {
        return cuda ? CUDA_BINARIES : CpuPlatform.current().name() + cpuExtension();
    }

    @Override
    public void open() {
        if (cuda) {
            problem(NvidiaDriver.ofThisMachine()).ifPresent(reason -> {
                throw new DeviceException(reason + USE_CPU);
            });
        } else {
            chooseCpuBinaries();
        }
        try {
            Nd4j.getBackend();
        } catch (RuntimeException | LinkageError e) {
            throw new DeviceException(notLoaded(e, cuda), e);
        }
        confineThread();
    }

    /**
     * The reason why the build of ND4J for CUDA can use no GPU with this driver, as part of a sentence; empty if it can
     * use one. Can be asked without loading ND4J.
     */
    public static Optional<String> problem(Optional<NvidiaDriver> driver) {
        if (driver.isEmpty()) {
            return Optional.of(
                    "no usable GPU: the NVIDIA driver (" + NvidiaDriver.LIBRARY + ") is not installed on this machine");
        }
        return driver.get().gpus().stream().findFirst().map(Nd4jEngine::verdict).orElseGet(() -> driver.get()
                .problem()
                .map(problem -> "no usable GPU: " + problem));
    }

    private static Optional<String> verdict(Gpu gpu) {
        return gpu.isAtLeast(OLDEST_MAJOR, OLDEST_MINOR) && gpu.major() < FIRST_UNSUPPORTED_MAJOR
                ? Optional.empty()
                : Optional.of("this GPU has compute capability " + gpu.capability() + ", and nd4j-" + CUDA_BINARIES
                        + " has binaries for 3.7 to 8.9 only");
    }

    /** The message if ND4J cannot be loaded with its backend for CUDA or, otherwise, for the CPU. */
    static String notLoaded(Throwable failure, boolean cuda) {
        return "the numerical library could not be loaded on this machine: " + DeviceException.reasonOf(failure)
                + (cuda ? USE_CPU : "; ND4J runs on 64-bit Linux on x86 or Arm: elsewhere, set REVERIE_ENGINE=torch");
    }

    @Override
    public boolean workersShareCores() {
        return !cuda;
    }

    @Override
    public Kernels kernels() {
        return cuda ? new Nd4jKernels(Precision.SINGLE) : new VectorKernels(new Nd4jKernels(Precision.SINGLE));
    }

    @Override
    public Kernels referenceKernels(Precision precision) {
        return new Nd4jKernels(precision);
    }

    @Override
    public int threads() {
        return cuda ? 1 : Runtime.getRuntime().availableProcessors();
    }

    @Override
    public String description() {
        return (cuda ? "nd4j-" : "nd4j-native ") + build();
    }

    @Override
    public void confineThread() {
        if (!cuda) {
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
            Nd4j.getEnvironment().setMaxThreads(1);
            Nd4j.getEnvironment().setMaxMasterThreads(1);
        }
    }

    private static void chooseCpuBinaries() {
        String extension = cpuExtension();
        if (!extension.isEmpty()) {
            System.setProperty(EXTENSION, extension);
            // JavaCPP reads the system properties once, which it has done already if libtorch is loaded
            Loader.loadProperties().setProperty(LOADED_EXTENSION, extension);
        }
    }

    /** Name suffix of the binaries for this processor, which the user can also choose by a system property. */
    private static String cpuExtension() {
        CpuPlatform platform = CpuPlatform.current();
        return Optional.ofNullable(System.getProperty(EXTENSION)).orElseGet(() -> platform.extensions().stream()
                .filter(extension -> hasResource(CPU_LIBRARY.formatted(platform.name(), extension)))
                .findFirst()
                .orElse(""));
    }

    /** Reads the version from the jar, because asking ND4J for it would load ND4J. */
    private static String version() {
        Properties properties = new Properties();
        try (InputStream stream = Nd4jEngine.class.getResourceAsStream(VERSION)) {
            if (stream != null) {
                properties.load(stream);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "of an unknown version");
    }

    private static boolean hasResource(String name) {
        return Nd4jEngine.class.getClassLoader().getResource(name) != null;
    }

    /**
     * The platform and the instruction sets of this machine, which determine the ND4J binaries that the machine can
     * run.
     *
     * @param name platform, for example {@code linux-x86_64}
     * @param flags instruction-set extensions, by their Linux names; empty if they cannot be read
     */
    record CpuPlatform(String name, Set<String> flags) {

        private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
        private static final Set<String> AVX512 = Set.of("avx512f", "avx512dq", "avx512bw", "avx512vl", "avx512cd");
        private static final Set<String> AVX2 = Set.of("avx2", "fma");

        CpuPlatform {
            flags = Set.copyOf(flags);
        }

        static CpuPlatform current() {
            return new CpuPlatform(platformName(), readFlags());
        }

        /**
         * Name suffixes of the ND4J binaries that run on this processor, fastest first. The last suffix is always empty
         * and denotes the binaries without instruction-set extensions.
         */
        List<String> extensions() {
            if (flags.containsAll(AVX512)) {
                return List.of("-onednn-avx512", "-onednn-avx2", "");
            }
            return flags.containsAll(AVX2) ? List.of("-onednn-avx2", "") : List.of("");
        }

        private static String platformName() {
            String system =
                    System.getProperty("os.name").toLowerCase(Locale.ROOT).split(" ")[0];
            String architecture = System.getProperty("os.arch");
            return system + "-"
                    + switch (architecture) {
                        case "amd64", "x86_64" -> "x86_64";
                        case "aarch64", "arm64" -> "arm64";
                        default -> architecture;
                    };
        }

        private static Set<String> readFlags() {
            if (!Files.isReadable(CPU_INFO)) {
                return Set.of();
            }
            try (var lines = Files.lines(CPU_INFO)) {
                return lines.filter(line -> line.startsWith("flags"))
                        .findFirst()
                        .map(line -> new TreeSet<>(List.of(line.split("\\s+"))))
                        .orElseGet(TreeSet::new);
            } catch (IOException | java.io.UncheckedIOException e) {
                return Set.of(); // the binaries without extensions run on every processor
            }
        }
    }
}
