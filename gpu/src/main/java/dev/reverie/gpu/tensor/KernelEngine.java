package dev.reverie.gpu.tensor;

import dev.reverie.gpu.Labelled;
import dev.reverie.gpu.tensor.Device.DeviceException;
import dev.reverie.gpu.tensor.Kernels.Precision;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A numerical library that implements the kernels on the CPU or on a GPU. {@link java.util.ServiceLoader} finds the
 * engines on the class path; {@link Device} uses one of them.
 */
public interface KernelEngine {

    EngineName name();

    /** What the class path and, once the engine is open, its library say about it. */
    Details details();

    /**
     * Loads the library. Is called once, before the other methods except {@link #name()}, {@link #details()} and
     * {@link #workers()}.
     *
     * @throws DeviceException if this machine cannot use the engine
     */
    void open();

    /**
     * Number of workers that should compute at the same time, at least 1: some for each GPU, two for several cores, of
     * which the second computes while the first waits for the last core or runs code of one thread. May be called
     * before {@link #open()}, and loads no library that {@link #open()} loads.
     *
     * @throws DeviceException if the environment asks for an impossible number
     */
    default int workers() {
        return workersShareCores() ? Math.min(2, Runtime.getRuntime().availableProcessors()) : 1;
    }

    /** Whether the workers share the cores of the CPU. May be called before {@link #open()}, as {@link #workers()}. */
    default boolean workersShareCores() {
        return true;
    }

    /** Returns the fastest kernels, in single precision, for the first worker. */
    Kernels kernels();

    /** Returns the fastest kernels, in single precision, for one of the workers, 0 to {@link #workers()} - 1. */
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

    /**
     * What is known about an engine. Some engines know less before they are open.
     *
     * @param build platform and, if known, instruction set of the binaries
     */
    public record Details(String version, String build, boolean gpu) {}

    /** The engines by the names that {@code REVERIE_ENGINE} takes. */
    public enum EngineName implements Labelled {
        /** ND4J and the Vector API on the CPU. */
        ND4J,
        /** libtorch, on a GPU if there is one, otherwise on the CPU. */
        TORCH,
        /** ND4J on a GPU with CUDA 11.6. */
        CUDA;

        private static final String AUTO = "auto";

        /** Another name of {@link #ND4J}. */
        private static final String CPU = "cpu";

        /** All that a user can choose: {@code auto}, the engines, and another name of one. */
        public static final List<String> CHOICES = Stream.concat(
                        Stream.of(AUTO), Stream.concat(Arrays.stream(values()).map(EngineName::label), Stream.of(CPU)))
                .toList();

        /**
         * Returns the engine with the given name; empty for {@code auto}, which leaves the choice to the program.
         *
         * @throws IllegalArgumentException if there is no such engine
         */
        public static Optional<EngineName> of(String label) {
            if (label.equals(AUTO)) {
                return Optional.empty();
            }
            if (label.equals(CPU)) {
                return Optional.of(ND4J);
            }
            return Optional.of(Arrays.stream(values())
                    .filter(name -> name.label().equals(label))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("must be " + AUTO + " or one of "
                            + Arrays.stream(values()).map(EngineName::label).collect(Collectors.joining(", "))
                            + ", not '"
                            + label + "'")));
        }
    }
}
