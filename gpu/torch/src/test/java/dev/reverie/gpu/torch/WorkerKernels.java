package dev.reverie.gpu.torch;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.DeviceKernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.List;

/** The kernels of a GPU's worker; without a GPU, memory of the CPU is used as if it were that of a GPU. */
final class WorkerKernels {

    private WorkerKernels() {}

    /** The kernels for work on the calling thread; libtorch must have been opened. */
    static DeviceKernels onThisThread(Precision precision) {
        List<Gpu> gpus = TorchEngine.forGpu()
                ? NvidiaDriver.ofThisMachine().map(TorchEngine::usableGpus).orElse(List.of())
                : List.of();
        if (gpus.isEmpty()) {
            return new TorchDeviceKernels(precision, TorchMemory.ofDevice("cpu"));
        }
        DeviceKernels kernels = new GpuWorkerKernels(
                        gpus, CudaCompiler.ofThisMachine(), TorchMemory.ofDevice(TorchMemory.name(0)))
                .of(0, precision)
                .device()
                .orElseThrow();
        kernels.useOnThisThread();
        return kernels;
    }
}
