package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;
import java.util.Optional;

/** A library of the system whose functions return 0 on success, as those of NVIDIA's driver do. */
@SuppressWarnings("restricted") // calls the driver's C interface
record NativeLibrary(SymbolLookup functions, Arena arena) {

    /** Loads a library until the arena is closed; empty if the system has none of that name. */
    static Optional<NativeLibrary> load(String file, Arena arena) {
        try {
            return Optional.of(new NativeLibrary(SymbolLookup.libraryLookup(file, arena), arena));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /**
     * Calls a function whose arguments are numbers of 32 or 64 bits, or addresses.
     *
     * @throws CallException if there is no such function, or if it reports an error
     */
    void call(String function, Object... arguments) {
        MethodHandle handle = function(function, signature(arguments));
        int status;
        try {
            status = (int) handle.invokeWithArguments(arguments);
        } catch (Error e) {
            throw e;
        } catch (Throwable e) {
            throw new CallException(function + " does not answer: " + e.getMessage(), e);
        }
        check(function, status);
    }

    /** Throws a {@link CallException} if a function has returned an error. */
    static void check(String function, int status) {
        if (status != 0) {
            throw new CallException(function, status);
        }
    }

    /**
     * Returns a handle of a function that is called often.
     *
     * @throws CallException if there is no such function
     */
    MethodHandle function(String function, FunctionDescriptor signature) {
        return functions
                .find(function)
                .map(address -> Linker.nativeLinker().downcallHandle(address, signature))
                .orElseThrow(() ->
                        new CallException(function + " is missing in NVIDIA's library: install one that fits the GPU"));
    }

    private static FunctionDescriptor signature(Object... arguments) {
        return FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                Arrays.stream(arguments).map(NativeLibrary::layout).toArray(MemoryLayout[]::new));
    }

    private static MemoryLayout layout(Object argument) {
        return switch (argument) {
            case MemorySegment _ -> ValueLayout.ADDRESS;
            case Long _ -> ValueLayout.JAVA_LONG;
            default -> ValueLayout.JAVA_INT;
        };
    }
}
