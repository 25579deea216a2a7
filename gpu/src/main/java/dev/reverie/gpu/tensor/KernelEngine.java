package dev.reverie.gpu.tensor;

import java.util.Optional;

/**
 * A numerical library that implements the kernels on the CPU or on a GPU. {@link java.util.ServiceLoader} finds the
 * engines on the class path; {@link Device} uses one of them.
 */
public interface KernelEngine {

    /** The name by which a user chooses this engine. */
    EngineName name();

    /** What the class path and, once the engine is open, its library say about it. */
    EngineDetails details();

    /**
     * Loads the library. Is called once, before the other methods except {@link #name()}, {@link #details()} and
     * {@link #workers()}.
     *
     * @throws DeviceException if this machine cannot use the engine
     */
    void open();

    /**
     * Number of workers that should compute at the same time, at least 1: some for each GPU, one for the CPU. May be
     * called before {@link #open()}, and loads no library that {@link #open()} loads.
     *
     * @throws DeviceException if the environment asks for an impossible number
     */
    default int workers() {
        return 1;
    }

    /** Returns the fastest kernels, in single precision, for the first worker. */
    Kernels kernels();

    /**
     * Returns the fastest kernels, in single precision, for one of the workers.
     *
     * @param worker 0 to {@link #workers()} - 1
     */
    default Kernels kernels(int worker) {
        return kernels();
    }

    /** Returns kernels that follow the formulas, for checking derivatives. */
    Kernels referenceKernels(Precision precision);

    /** Number of compute threads that should use the kernels at the same time, at least 1. */
    int threads();

    /** The most samples that the device computes at once; empty if nothing limits them, as on the CPU. */
    default Optional<BatchLimit> batchLimit() {
        return Optional.empty();
    }

    /** Describes the library and the hardware in one line for logs and run.json. */
    String description();

    /** Restricts the work that the calling thread gives to the library to this thread, if the engine is on the CPU. */
    void confineThread();
}
