package dev.reverie.gpu.tensor;

import java.util.Optional;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The device that this build targets: the CPU or, with the {@code cuda} profile, an NVIDIA GPU. */
public final class Device {

    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
    private static final String CUDA_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    private static final String CPU_LIBRARY = "org/nd4j/linalg/cpu/nativecpu/bindings/%s%s/libnd4jcpu.so";

    private static boolean open;

    private Device() {}

    /**
     * Returns the kernels of this build's device, in single precision.
     *
     * @throws DeviceException if this machine cannot use the device
     */
    public static Kernels kernels() {
        prepare();
        return isCuda() ? new Nd4jKernels(Precision.SINGLE) : new VectorKernels();
    }

    /**
     * Returns the reference kernels, for checking derivatives.
     *
     * @throws DeviceException if this machine cannot use the device
     */
    public static Kernels referenceKernels(Precision precision) {
        prepare();
        return new Nd4jKernels(precision);
    }

    /** Number of compute threads for the device: one per core, or one for a GPU. */
    public static int threads() {
        return isCuda() ? 1 : Runtime.getRuntime().availableProcessors();
    }

    /**
     * Describes the device in one line for logs and run.json, for example {@code nd4j-native
     * linux-x86_64-onednn-avx512}.
     */
    public static String description() {
        prepare();
        return isCuda()
                ? "nd4j-cuda-11.6"
                : "nd4j-native " + CpuPlatform.current().name() + System.getProperty(EXTENSION, "");
    }

    private static synchronized void prepare() {
        if (open) {
            return;
        }
        if (isCuda()) {
            CudaProbe.unusable().ifPresent(reason -> {
                throw new DeviceException(reason);
            });
        } else {
            chooseCpuBinaries();
        }
        try {
            Nd4j.getBackend();
        } catch (RuntimeException | LinkageError e) {
            throw new DeviceException(
                    "the numerical library could not be loaded on this machine: " + e.getMessage()
                            + "; Reverie runs on 64-bit Linux on x86 or Arm",
                    e);
        }
        confineNativeThreads();
        open = true;
    }

    /**
     * Restricts the native kernels that the current thread calls to this thread, because the compute threads already
     * use all cores.
     */
    static void confineNativeThreads() {
        if (!isCuda()) {
            NativeOpsHolder.getInstance().getDeviceNativeOps().setOmpNumThreads(1);
            Nd4j.getEnvironment().setMaxThreads(1);
            Nd4j.getEnvironment().setMaxMasterThreads(1);
        }
    }

    private static void chooseCpuBinaries() {
        if (System.getProperty(EXTENSION) != null) {
            return;
        }
        CpuPlatform platform = CpuPlatform.current();
        Optional<String> best = platform.extensions().stream()
                .filter(extension -> hasResource(CPU_LIBRARY.formatted(platform.name(), extension)))
                .findFirst();
        best.filter(extension -> !extension.isEmpty()).ifPresent(extension -> System.setProperty(EXTENSION, extension));
    }

    private static boolean isCuda() {
        return hasResource(CUDA_BACKEND);
    }

    private static boolean hasResource(String name) {
        return Device.class.getClassLoader().getResource(name) != null;
    }
}
