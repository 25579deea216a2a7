package dev.reverie.gpu.tensor.nd4j;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.tensor.DeviceException;
import dev.reverie.gpu.tensor.EngineDetails;
import dev.reverie.gpu.tensor.EngineName;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.vector.VectorKernels;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;
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

    private static final String USE_CPU = "; set REVERIE_ENGINE=nd4j to use the CPU";

    private final boolean cuda = hasResource(CUDA_BACKEND);

    @Override
    public EngineName name() {
        return cuda ? EngineName.CUDA : EngineName.ND4J;
    }

    @Override
    public EngineDetails details() {
        return new EngineDetails(version(), build(), cuda);
    }

    private String build() {
        return cuda ? CudaProbe.BINARIES : CpuPlatform.current().name() + cpuExtension();
    }

    @Override
    public void open() {
        if (cuda) {
            CudaProbe.unusable(NvidiaDriver.ofThisMachine()).ifPresent(reason -> {
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

    /** The message if ND4J cannot be loaded with its backend for CUDA or, otherwise, for the CPU. */
    static String notLoaded(Throwable failure, boolean cuda) {
        return "the numerical library could not be loaded on this machine: " + DeviceException.reasonOf(failure)
                + (cuda ? USE_CPU : "; ND4J runs on 64-bit Linux on x86 or Arm: elsewhere, set REVERIE_ENGINE=torch");
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
}
