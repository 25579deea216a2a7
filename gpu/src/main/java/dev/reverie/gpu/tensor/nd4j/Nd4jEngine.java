package dev.reverie.gpu.tensor.nd4j;

import dev.reverie.gpu.tensor.DeviceException;
import dev.reverie.gpu.tensor.EngineName;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.vector.VectorKernels;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOpsHolder;

/** ND4J with the backend that is on the class path: for the CPU or, with the {@code cuda} profile, for NVIDIA GPUs. */
public final class Nd4jEngine implements KernelEngine {

    private static final String EXTENSION = "org.bytedeco.javacpp.platform.extension";
    private static final String CUDA_BACKEND = "org/nd4j/linalg/jcublas/JCublasBackend.class";
    private static final String CPU_LIBRARY = "org/nd4j/linalg/cpu/nativecpu/bindings/%s%s/libnd4jcpu.so";

    private final boolean cuda = hasResource(CUDA_BACKEND);

    @Override
    public EngineName name() {
        return cuda ? EngineName.CUDA : EngineName.ND4J;
    }

    @Override
    public void open() {
        if (cuda) {
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
        confineThread();
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
        return cuda
                ? "nd4j-cuda-11.6"
                : "nd4j-native " + CpuPlatform.current().name() + System.getProperty(EXTENSION, "");
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
        if (System.getProperty(EXTENSION) != null) {
            return;
        }
        CpuPlatform platform = CpuPlatform.current();
        platform.extensions().stream()
                .filter(extension -> hasResource(CPU_LIBRARY.formatted(platform.name(), extension)))
                .findFirst()
                .filter(extension -> !extension.isEmpty())
                .ifPresent(extension -> System.setProperty(EXTENSION, extension));
    }

    private static boolean hasResource(String name) {
        return Nd4jEngine.class.getClassLoader().getResource(name) != null;
    }
}
