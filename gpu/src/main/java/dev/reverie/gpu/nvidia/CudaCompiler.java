package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** NVIDIA's compiler library (NVRTC), which is part of CUDA and compiles CUDA C++ while a program runs. */
public final class CudaCompiler {

    private static final List<String> LIBRARIES = List.of("libnvrtc.so.13", "libnvrtc.so.12", "libnvrtc.so");

    private final NativeLibrary library;

    private CudaCompiler(NativeLibrary library) {
        this.library = library;
    }

    /** Loads the library for the rest of this process; empty if it is not where the system looks for libraries. */
    public static Optional<CudaCompiler> ofThisMachine() {
        return LIBRARIES.stream()
                .flatMap(file -> NativeLibrary.load(file, Arena.global()).stream())
                .findFirst()
                .map(CudaCompiler::new);
    }

    /**
     * Compiles a program.
     *
     * @param source CUDA C++
     * @param defined macros, each as {@code name=value}
     * @return machine code for the GPU, for {@link CudaModule#load}
     * @throws IllegalArgumentException if the program has errors, with the messages of the compiler
     */
    public byte[] compile(String source, Gpu gpu, List<String> defined) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            library.call(
                    "nvrtcCreateProgram",
                    handle,
                    arena.allocateFrom(source),
                    MemorySegment.NULL,
                    0,
                    MemorySegment.NULL,
                    MemorySegment.NULL);
            MemorySegment program = handle.get(ValueLayout.ADDRESS, 0);
            try {
                compile(program, options(gpu, defined), arena);
                return output("nvrtcGetCUBIN", program, arena);
            } finally {
                library.call("nvrtcDestroyProgram", handle);
            }
        }
    }

    private static List<String> options(Gpu gpu, List<String> defined) {
        return Stream.concat(
                        Stream.of("--std=c++17", "--gpu-architecture=sm_" + gpu.major() + gpu.minor()),
                        defined.stream().map("-D"::concat))
                .toList();
    }

    private void compile(MemorySegment program, List<String> options, Arena arena) {
        MemorySegment texts = arena.allocate(ValueLayout.ADDRESS, options.size());
        for (int i = 0; i < options.size(); i++) {
            texts.setAtIndex(ValueLayout.ADDRESS, i, arena.allocateFrom(options.get(i)));
        }
        try {
            library.call("nvrtcCompileProgram", program, options.size(), texts);
        } catch (CallException e) {
            String messages = new String(output("nvrtcGetProgramLog", program, arena), StandardCharsets.UTF_8)
                    .trim(); // also removes the zero byte at the end
            throw new IllegalArgumentException("the CUDA compiler refuses the program: " + messages, e);
        }
    }

    /** Calls a function that copies an output of the compiler, after the one that returns its size. */
    private byte[] output(String function, MemorySegment program, Arena arena) {
        MemorySegment size = arena.allocate(ValueLayout.JAVA_LONG);
        library.call(function + "Size", program, size);
        MemorySegment output = arena.allocate(size.get(ValueLayout.JAVA_LONG, 0));
        library.call(function, program, output);
        return output.toArray(ValueLayout.JAVA_BYTE);
    }
}
