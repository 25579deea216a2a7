package dev.reverie.gpu.tensor;

import dev.reverie.gpu.tensor.KernelEngine.EngineName;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.ExecutorService;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The engine of this process, and through it the CPU or the GPU that it uses. {@code REVERIE_ENGINE} chooses it;
 * without that, it is {@link EngineName#TORCH} if the class path has it, because only a choice puts it there, and
 * otherwise ND4J as it was built, for the CPU or for CUDA. What needs the engine throws a {@link DeviceException} if
 * this machine cannot use it.
 */
public final class Device {

    /** The environment variable that names the engine. */
    public static final String VARIABLE = "REVERIE_ENGINE";

    /**
     * The property with which JavaCPP, which loads all engines, limits the memory of the process. By default, the limit
     * is four times the heap, which a large machine exceeds with many compute threads; 0 is no limit.
     */
    private static final String MEMORY_LIMIT = "org.bytedeco.javacpp.maxphysicalbytes";

    private static final List<KernelEngine> OPEN = new ArrayList<>();

    private static volatile @Nullable KernelEngine chosen;

    private static @Nullable ExecutorService cores;

    private Device() {}

    /** Returns the kernels of this process, in single precision, for its first worker. */
    public static Kernels kernels() {
        return engine().kernels();
    }

    /**
     * Returns the kernels of this process, in single precision, for one of its workers, 0 to {@link #workers()} - 1.
     */
    public static Kernels kernels(int worker) {
        return engine().kernels(worker);
    }

    /**
     * Number of workers for the engine of this process, at least 1: some for each GPU, or two for the CPU. Opens no
     * engine. It is 1 if there is no such engine; whoever opens it gets the reason.
     */
    public static int workers() {
        try {
            return wanted().workers();
        } catch (DeviceException _) {
            return 1;
        }
    }

    /**
     * Whether the workers share the cores of the CPU, so that work that all of them do takes longer. Opens no engine.
     */
    public static boolean workersShareCores() {
        try {
            return wanted().workersShareCores();
        } catch (DeviceException _) {
            return true;
        }
    }

    /** Returns the reference kernels, for checking derivatives. */
    public static Kernels referenceKernels(Precision precision) {
        return engine().referenceKernels(precision);
    }

    /**
     * Returns the kernels for the networks of DeepLearning4J, which compute with ND4J whatever the engine of this
     * process is.
     */
    public static Kernels graphKernels() {
        return (usesNd4j() ? engine() : opened(choose(available(), Optional.of(EngineName.ND4J.label())))).kernels();
    }

    /** Throws a {@link DeviceException} unless a certain engine is the one of this process. */
    public static void require(EngineName wanted) {
        if (engine().name() != wanted) {
            throw new DeviceException("the engine is " + engine().name().label() + ", not " + wanted.label()
                    + ": start with " + VARIABLE + "=" + wanted.label());
        }
    }

    /** Whether the engine of this process is ND4J, on the CPU or on a GPU. */
    public static boolean usesNd4j() {
        return engine().name() != EngineName.TORCH;
    }

    /** Whether the engine of this process is open and computes on a GPU. Opens no engine, and returns at once. */
    public static boolean computesOnGpu() {
        KernelEngine known = chosen;
        return known != null && known.details().gpu();
    }

    /**
     * The limit on the batches of a device; empty if there is none, or while the engine of this process is not open.
     * Opens no engine, and returns at once.
     */
    public static Optional<BatchLimit> batchLimit() {
        return Optional.ofNullable(chosen).flatMap(KernelEngine::batchLimit);
    }

    /** Number of compute threads for the device: one per core, or a few that start the work of a GPU. */
    public static int threads() {
        return engine().threads();
    }

    /**
     * Returns compute threads for a worker of this process. On the CPU, all workers use the same threads, so that a
     * core that has finished its share of one class step goes on with another.
     */
    public static ComputeThreads computeThreads(Kernels kernels) {
        return kernels.device().isPresent()
                ? new ComputeThreads(kernels, threads())
                : ComputeThreads.sharing(cores(kernels), kernels, threads());
    }

    private static synchronized ExecutorService cores(Kernels kernels) {
        ExecutorService known = cores;
        if (known == null) {
            known = ComputeThreads.start(kernels, threads());
            cores = known;
        }
        return known;
    }

    /**
     * Describes the engine in one line for logs and run.json, for example {@code nd4j-native
     * linux-x86_64-onednn-avx512}.
     */
    public static String description() {
        return engine().description();
    }

    /**
     * Restricts the native kernels of all open engines that the current thread calls to this thread, because the
     * compute threads already use all cores.
     */
    static synchronized void confineNativeThreads() {
        OPEN.forEach(KernelEngine::confineThread);
    }

    private static synchronized KernelEngine engine() {
        KernelEngine known = chosen;
        if (known == null) {
            known = opened(wanted());
            chosen = known;
        }
        return known;
    }

    private static KernelEngine wanted() {
        return choose(available(), Optional.ofNullable(System.getenv(VARIABLE)).filter(text -> !text.isBlank()));
    }

    /**
     * Opens an engine, unless one with its name is open already. Several engines can be open at the same time.
     *
     * @throws DeviceException if this machine cannot use the engine
     */
    public static synchronized KernelEngine opened(KernelEngine engine) {
        return OPEN.stream()
                .filter(open -> open.name() == engine.name())
                .findFirst()
                .orElseGet(() -> {
                    if (System.getProperty(MEMORY_LIMIT) == null) {
                        System.setProperty(MEMORY_LIMIT, "0");
                    }
                    engine.open();
                    OPEN.add(engine);
                    return engine;
                });
    }

    /** The engines on the class path, none of which this method opens. */
    public static List<KernelEngine> available() {
        return ServiceLoader.load(KernelEngine.class).stream()
                .map(ServiceLoader.Provider::get)
                .toList();
    }

    /**
     * Chooses an engine by the value of {@code REVERIE_ENGINE}, as a start does; throws a {@link DeviceException} if
     * the engine is unknown or missing.
     */
    public static KernelEngine choose(List<KernelEngine> available, Optional<String> wanted) {
        Optional<EngineName> name = wanted.flatMap(Device::parsed);
        return available.stream()
                .filter(engine -> name.isEmpty() || engine.name() == name.get())
                .min(Comparator.comparing(engine -> engine.name() != EngineName.TORCH))
                .orElseThrow(() -> missing(name.orElse(EngineName.ND4J)));
    }

    private static DeviceException missing(EngineName engine) {
        String choice = VARIABLE + "=" + engine.label();
        return new DeviceException("this program was built without the engine " + engine.label()
                + ": in a checkout, start with " + choice + " ./reverie; an archive or image must be built with it ("
                + choice + " ./reverie package)");
    }

    private static Optional<EngineName> parsed(String wanted) {
        try {
            return EngineName.of(wanted);
        } catch (IllegalArgumentException e) {
            throw new DeviceException(VARIABLE + " " + e.getMessage(), e);
        }
    }

    /**
     * Thrown when this machine cannot use the device that this build targets; the message gives the reason and says
     * what to do.
     */
    public static final class DeviceException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        public DeviceException(String message) {
            super(message);
        }

        public DeviceException(String message, Throwable cause) {
            super(message, cause);
        }

        /**
         * The first message of a failure and its causes, otherwise the name of its class: initialisers and parallel
         * streams wrap an error in one without a message.
         */
        public static String reasonOf(Throwable failure) {
            return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
                    .map(Throwable::getMessage)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .orElse(failure.getClass().getSimpleName());
        }
    }
}
