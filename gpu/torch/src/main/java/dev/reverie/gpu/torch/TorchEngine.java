package dev.reverie.gpu.torch;

import dev.reverie.gpu.tensor.DeviceException;
import dev.reverie.gpu.tensor.EngineName;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Precision;
import dev.reverie.gpu.tensor.vector.VectorKernels;
import java.io.IOException;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;

/**
 * libtorch on a GPU if it finds one, otherwise on the CPU. On the CPU, libtorch computes the wide convolutions and the
 * large products, and Reverie's kernels on the Vector API everything else.
 */
public final class TorchEngine implements KernelEngine {

    private TorchMemory memory = TorchMemory.HOST;

    @Override
    public EngineName name() {
        return EngineName.TORCH;
    }

    @Override
    public void open() {
        try {
            // all at once, because a library that is not unpacked yet would be taken from a PyTorch of the system
            Loader.cacheResources("/org/bytedeco/pytorch/" + Loader.getPlatform() + "/");
            Loader.load(torch.class);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new DeviceException(
                    "libtorch could not be loaded on this machine: " + e.getMessage()
                            + "; set REVERIE_ENGINE=nd4j to use ND4J",
                    e);
        }
        if (torch.cuda_is_available()) {
            memory = new TorchMemory("cuda:0", false);
        }
        confineThread();
    }

    @Override
    public Kernels kernels() {
        Kernels kernels = referenceKernels(Precision.SINGLE);
        return memory.host() ? new VectorKernels(kernels) : kernels;
    }

    @Override
    public Kernels referenceKernels(Precision precision) {
        return new TorchKernels(precision, memory);
    }

    @Override
    public int threads() {
        return memory.host() ? Runtime.getRuntime().availableProcessors() : 1;
    }

    @Override
    public String description() {
        return "libtorch " + torch.class.getPackage().getImplementationVersion() + " " + memory.device();
    }

    @Override
    public void confineThread() {
        if (memory.host()) {
            torch.set_num_threads(1);
        }
    }
}
