package dev.reverie.gpu.torch;

import dev.reverie.gpu.nvidia.NvidiaDriver;
import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import dev.reverie.gpu.tensor.BatchLimit;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.KernelEngine;
import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Precision;
import dev.reverie.gpu.tensor.vector.VectorKernels;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.pytorch.global.torch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * libtorch on a GPU if it finds one, otherwise on the CPU. On the CPU, libtorch computes the wide convolutions and the
 * large products, and Reverie's kernels on the Vector API everything else.
 */
public final class TorchEngine implements KernelEngine {

    private static final Logger LOG = LoggerFactory.getLogger(TorchEngine.class);

    private static final String FOLDER = "/org/bytedeco/pytorch/";
    private static final String GPU_BUILD = "-gpu";

    /** One thread for the real images of a step, and one for the synthetic ones; starting kernels costs their time. */
    private static final int GPU_THREADS = 2;

    /** A driver of the same major version of CUDA serves every minor version. */
    private static final int OLDEST_CUDA = 13;

    private static final int OLDEST_MAJOR = 7;
    private static final int OLDEST_MINOR = 5;

    static {
        // JavaCPP would read the size of this process from a file before each of its objects; Reverie frees them itself
        System.getProperties().putIfAbsent("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    }

    private TorchMemory memory = TorchMemory.ofHost();
    private Optional<String> instructions = Optional.empty();
    private List<Gpu> gpus = List.of();
    private Optional<GpuWorkerKernels> onGpus = Optional.empty();
    private Optional<OperandRounding> rounding = Optional.empty();

    @Override
    public EngineName name() {
        return EngineName.TORCH;
    }

    @Override
    public KernelEngine.Details details() {
        String platform = Loader.getPlatform();
        return new KernelEngine.Details(
                version(),
                platform
                        + (forGpu() ? GPU_BUILD : "")
                        + instructions.map(set -> "-" + set).orElse(""),
                !memory.host());
    }

    /** Whether the libraries on the classpath are those for GPUs. */
    static boolean forGpu() {
        return TorchEngine.class.getResource(FOLDER + Loader.getPlatform() + GPU_BUILD + "/") != null;
    }

    private static String version() {
        return Objects.requireNonNullElse(torch.class.getPackage().getImplementationVersion(), "of an unknown version");
    }

    @Override
    public void open() {
        try {
            // all at once, because a library that is not unpacked yet would be taken from a PyTorch of the system
            for (String variant : List.of("", GPU_BUILD)) {
                Loader.cacheResources(FOLDER + Loader.getPlatform() + variant + "/");
            }
            Loader.load(torch.class);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new DeviceException(
                    "libtorch could not be loaded on this machine: " + DeviceException.reasonOf(e)
                            + "; on Linux, set REVERIE_ENGINE=nd4j to use ND4J",
                    e);
        }
        torch.globalContext().setUserEnabledNNPACK(false); // where it cannot run, it warns at every convolution
        instructions = Optional.of(instructionSet());
        if (torch.cuda_is_available()) {
            openGpu();
        } else {
            openProcessor();
        }
        confineThread();
    }

    private void openGpu() {
        Optional<NvidiaDriver> driver = NvidiaDriver.ofThisMachine();
        driver.flatMap(TorchEngine::problemOfFirstGpu).ifPresent(reason -> {
            throw new DeviceException(reason);
        });
        gpus = driver.map(TorchEngine::usableGpus).orElse(List.of());
        workersPerGpu(); // a wrong number ends the start here, because Device.workers() does not report it
        Optional<CudaCompiler> compiler = CudaCompiler.ofThisMachine();
        if (compiler.isEmpty()) {
            LOG.warn("CUDA's compiler library, libnvrtc.so.13, was not found, so this GPU computes more slowly than it"
                    + " could; install it (package cuda-nvrtc-13-1 of NVIDIA), or add its folder to LD_LIBRARY_PATH");
        }
        memory = TorchMemory.ofDevice(TorchMemory.name(0));
        onGpus = Optional.of(new GpuWorkerKernels(gpus, compiler, memory));
        torch.globalContext().setDeterministicCuDNN(true); // the same bits in every run
        rounding = Optional.of(OperandRounding.TF32).filter(OperandRounding::wanted);
        OperandRounding.roundOnGpu(rounding.isPresent());
    }

    private void openProcessor() {
        boolean wanted = OperandRounding.BF16.wanted();
        if (OperandRounding.roundOnProcessor(wanted)) {
            rounding = Optional.of(OperandRounding.BF16);
        } else if (wanted) {
            LOG.warn("REVERIE_BF16=on has no effect on this processor, which has no AMX");
        }
    }

    /** The GPUs before the first one that is too old; none if the driver is too old for libtorch. */
    static List<Gpu> usableGpus(NvidiaDriver driver) {
        boolean recent = driver.cuda()
                .filter(cuda -> Integer.parseInt(cuda.substring(0, cuda.indexOf('.'))) >= OLDEST_CUDA)
                .isPresent();
        return recent ? driver.gpus().stream().takeWhile(TorchEngine::isUsable).toList() : List.of();
    }

    private static boolean isUsable(Gpu gpu) {
        return gpu.isAtLeast(OLDEST_MAJOR, OLDEST_MINOR);
    }

    /** The reason why the first GPU cannot be used, as a sentence; empty if it can be used. */
    static Optional<String> problemOfFirstGpu(NvidiaDriver driver) {
        return driver.gpus().stream()
                .limit(1)
                .filter(gpu -> !isUsable(gpu))
                .map(gpu -> "this GPU has compute capability " + gpu.capability()
                        + ", and libtorch has binaries from " + OLDEST_MAJOR + "." + OLDEST_MINOR
                        + " on only; set REVERIE_ENGINE=nd4j to use the CPU")
                .findFirst();
    }

    /** The instruction set that libtorch uses on this processor, for example {@code avx2}. */
    private static String instructionSet() {
        try (BytePointer name = torch.get_cpu_capability()) {
            return name.getString().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public int workers() {
        return workersShareCores() ? KernelEngine.super.workers() : foundGpus().size() * workersPerGpu();
    }

    @Override
    public boolean workersShareCores() {
        return foundGpus().isEmpty();
    }

    private static List<Gpu> foundGpus() {
        return forGpu()
                ? NvidiaDriver.ofThisMachine().map(TorchEngine::usableGpus).orElse(List.of())
                : List.of();
    }

    private static int workersPerGpu() {
        return GpuWorkerKernels.perGpu(Optional.ofNullable(System.getenv(GpuWorkerKernels.VARIABLE)));
    }

    @Override
    public Kernels kernels() {
        return onGpus.map(workers -> workers.outside(Precision.SINGLE)).orElseGet(this::hostKernels);
    }

    @Override
    public Kernels kernels(int worker) {
        return onGpus.map(workers -> workers.of(worker, Precision.SINGLE)).orElseGet(this::hostKernels);
    }

    private Kernels hostKernels() {
        return new VectorKernels(referenceKernels(Precision.SINGLE));
    }

    @Override
    public Kernels referenceKernels(Precision precision) {
        return onGpus.map(workers -> workers.outside(precision)).orElseGet(() -> new TorchKernels(precision, memory));
    }

    @Override
    public int threads() {
        return memory.host() ? Runtime.getRuntime().availableProcessors() : GPU_THREADS;
    }

    @Override
    public Optional<BatchLimit> batchLimit() {
        return memory.host() ? Optional.empty() : Optional.of(memory.batchLimit());
    }

    @Override
    public String description() {
        return "libtorch " + version() + " " + memory.device()
                + (gpus.size() > 1 ? " and " + (gpus.size() - 1) + " more" : "")
                + rounding.map(format -> ", operands rounded to " + format).orElse("");
    }

    @Override
    public void confineThread() {
        if (memory.host()) {
            torch.set_num_threads(1);
        }
    }
}
