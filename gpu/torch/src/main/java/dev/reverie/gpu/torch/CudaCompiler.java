package dev.reverie.gpu.torch;

import static org.bytedeco.cuda.global.nvrtc.nvrtcCompileProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcCreateProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcDestroyProgram;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetCUBIN;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetCUBINSize;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetProgramLog;
import static org.bytedeco.cuda.global.nvrtc.nvrtcGetProgramLogSize;

import dev.reverie.gpu.nvidia.NvidiaDriver.Gpu;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.bytedeco.cuda.global.nvrtc;
import org.bytedeco.cuda.nvrtc._nvrtcProgram;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;

/** NVIDIA's compiler library (NVRTC), which is part of CUDA and compiles CUDA C++ while a program runs. */
final class CudaCompiler {

    private CudaCompiler() {}

    /** Loads the library for the rest of this process; empty if it is not where the system looks for libraries. */
    static Optional<CudaCompiler> ofThisMachine() {
        try {
            Loader.load(nvrtc.class);
            return Optional.of(new CudaCompiler());
        } catch (LinkageError | RuntimeException e) {
            return Optional.empty();
        }
    }

    /**
     * Compiles CUDA C++, with macros as {@code name=value}, to machine code for a GPU; throws an
     * {@link IllegalArgumentException} with the messages of the compiler if the program has errors.
     */
    byte[] compile(String source, Gpu gpu, List<String> defined) {
        try (PointerScope _ = new PointerScope()) {
            _nvrtcProgram program = new _nvrtcProgram();
            PointerPointer<?> none = new PointerPointer<>();
            CudaDriver.check(
                    "nvrtcCreateProgram",
                    nvrtcCreateProgram(program, new BytePointer(source), new BytePointer(), 0, none, none));
            try {
                compile(program, options(gpu, defined));
                return machineCode(program);
            } finally {
                CudaDriver.check("nvrtcDestroyProgram", nvrtcDestroyProgram(program));
            }
        }
    }

    private static String[] options(Gpu gpu, List<String> defined) {
        return Stream.concat(
                        Stream.of("--std=c++17", "--gpu-architecture=sm_" + gpu.major() + gpu.minor()),
                        defined.stream().map("-D"::concat))
                .toArray(String[]::new);
    }

    private static void compile(_nvrtcProgram program, String... options) {
        if (nvrtcCompileProgram(program, options.length, new PointerPointer<>(options)) != 0) {
            SizeTPointer size = new SizeTPointer(1);
            CudaDriver.check("nvrtcGetProgramLogSize", nvrtcGetProgramLogSize(program, size));
            byte[] messages = new byte[Math.toIntExact(size.get())];
            CudaDriver.check("nvrtcGetProgramLog", nvrtcGetProgramLog(program, messages));
            throw new IllegalArgumentException("the CUDA compiler refuses the program: "
                    + new String(messages, StandardCharsets.UTF_8).trim()); // also removes the zero byte at the end
        }
    }

    private static byte[] machineCode(_nvrtcProgram program) {
        SizeTPointer size = new SizeTPointer(1);
        CudaDriver.check("nvrtcGetCUBINSize", nvrtcGetCUBINSize(program, size));
        byte[] code = new byte[Math.toIntExact(size.get())];
        CudaDriver.check("nvrtcGetCUBIN", nvrtcGetCUBIN(program, code));
        return code;
    }
}
