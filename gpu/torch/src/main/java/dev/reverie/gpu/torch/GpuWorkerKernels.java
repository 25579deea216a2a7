package dev.reverie.gpu.torch;

import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.torch.CudaDriver.CudaStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels of the workers that share the GPUs. The workers are dealt to the GPUs in turn. Each has a stream of its
 * own, so that the GPU runs work of all of them at once; the work of the first one of a GPU comes first, because it
 * trains the matching network, step after step, while class steps run side by side. Work outside the workers uses the
 * default stream of the first GPU. Thread safe.
 */
final class GpuWorkerKernels {

    /** The environment variable with the number of workers of each GPU. */
    static final String VARIABLE = "REVERIE_GPU_WORKERS";

    /** A single worker leaves a GPU idle while it starts kernels. */
    private static final int DEFAULT = 4;

    private static final int MOST = 16;

    private static final Logger LOG = LoggerFactory.getLogger(GpuWorkerKernels.class);

    /** Stands for a worker where work is done outside the workers. */
    private static final int OUTSIDE = -1;

    private final List<Gpu> gpus;
    private final Optional<CudaCompiler> compiler;
    private final TorchMemory memory;
    private final Map<Compiled, Optional<byte[]>> code = new HashMap<>();
    private final Map<Place, Kernels> loaded = new HashMap<>();

    private record Compiled(int gpu, Precision precision) {}

    /** What kernels are loaded for. */
    private record Place(int worker, Precision precision) {}

    /**
     * Loads nothing yet.
     *
     * @param gpus the GPUs to use; without any, libtorch uses the first one, which the driver does not describe
     * @param compiler without it, all kernels are operations of libtorch
     */
    GpuWorkerKernels(List<Gpu> gpus, Optional<CudaCompiler> compiler, TorchMemory memory) {
        this.gpus = gpus;
        this.compiler = compiler;
        this.memory = memory;
    }

    /**
     * Number of workers of each GPU by the value of {@value #VARIABLE}; throws a {@link DeviceException} unless it is
     * from 1 to 16.
     */
    static int perGpu(Optional<String> wanted) {
        Optional<String> text = wanted.map(String::strip).filter(value -> !value.isEmpty());
        try {
            int workers = text.map(Integer::parseInt).orElse(DEFAULT);
            if (workers >= 1 && workers <= MOST) {
                return workers;
            }
        } catch (NumberFormatException _) {
            // the message below suits it, too
        }
        throw new DeviceException(VARIABLE + " must be a whole number from 1 to " + MOST + ", not '"
                + text.orElseThrow() + "'; it is the number of class steps that a GPU computes at once");
    }

    /** The kernels of a worker, loaded once, however often they are asked for. */
    synchronized Kernels of(int worker, Precision precision) {
        return loaded.computeIfAbsent(new Place(worker, precision), this::load);
    }

    /** The kernels for work outside the workers, loaded once; they can be used on any thread. */
    Kernels outside(Precision precision) {
        return of(OUTSIDE, precision);
    }

    private Kernels load(Place place) {
        if (gpus.isEmpty()) {
            return new TorchDeviceKernels(place.precision(), memory);
        }
        int gpu = Math.max(place.worker(), 0) % gpus.size();
        CudaStream stream = stream(place.worker(), gpu);
        TorchMemory onStream = memory.on(stream);
        Compiled target = new Compiled(gpu, place.precision());
        try {
            Optional<byte[]> machineCode = code.computeIfAbsent(target, this::compile);
            if (machineCode.isPresent()) {
                return CudaKernels.load(machineCode.get(), stream, place.precision(), onStream);
            }
        } catch (RuntimeException | LinkageError e) {
            code.put(target, Optional.empty()); // no other worker need try and fail
            LOG.warn(
                    "CUDA's compiler library cannot serve this GPU, which therefore computes more slowly: install the"
                            + " version of CUDA that fits its driver",
                    e);
        }
        return new TorchDeviceKernels(place.precision(), onStream);
    }

    private CudaStream stream(int worker, int gpu) {
        if (worker == OUTSIDE) {
            return CudaStream.ofRuntime(gpu);
        }
        return CudaStream.create(gpu, worker < gpus.size());
    }

    private Optional<byte[]> compile(Compiled target) {
        return compiler.map(found -> CudaKernels.code(found, gpus.get(target.gpu()), target.precision()));
    }
}
