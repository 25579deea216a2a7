package dev.reverie.gpu.nvidia;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Optional;

/** A library of the system whose functions return 0 on success, as those of NVIDIA's driver do. */
@FunctionalInterface
interface NativeLibrary {

    /**
     * Calls a function whose arguments are numbers of 32 or 64 bits, or addresses.
     *
     * @throws CallException if there is no such function, or if it reports an error
     */
    void call(String function, Object... arguments);

    /** Loads a library until the arena is closed; empty if the system has none of that name. */
    @SuppressWarnings("restricted") // loads the driver's C interface
    static Optional<NativeLibrary> load(String file, Arena arena) {
        try {
            return Optional.of(of(SymbolLookup.libraryLookup(file, arena)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    static NativeLibrary of(SymbolLookup functions) {
        return (function, arguments) -> {
            MemorySegment address = functions
                    .find(function)
                    .orElseThrow(() -> new CallException(
                            function + " is missing in NVIDIA's library: install one that fits the GPU"));
            int status = status(address, function, arguments);
            if (status != 0) {
                throw new CallException(function + " answers with error " + status);
            }
        };
    }

    @SuppressWarnings("restricted") // calls the driver's C interface
    private static int status(MemorySegment address, String function, Object... arguments) {
        FunctionDescriptor signature = FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                Arrays.stream(arguments).map(NativeLibrary::layout).toArray(MemoryLayout[]::new));
        try {
            return (int)
                    Linker.nativeLinker().downcallHandle(address, signature).invokeWithArguments(arguments);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CallException(function + " does not answer: " + e.getMessage(), e);
        }
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case MemorySegment _ -> ValueLayout.ADDRESS;
            case Long _ -> ValueLayout.JAVA_LONG;
            default -> ValueLayout.JAVA_INT;
        };
    }

    /** A function that the library lacks or that has reported an error. */
    final class CallException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        CallException(String message) {
            super(message);
        }

        CallException(String message, Throwable cause) {
            super(message, cause);
        }
    }
}
