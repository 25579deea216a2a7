package dev.reverie.gpu.torch;

import static org.bytedeco.cuda.global.cudart.cuLaunchKernel;
import static org.bytedeco.cuda.global.cudart.cuModuleGetFunction;
import static org.bytedeco.cuda.global.cudart.cuModuleLoadData;

import dev.reverie.gpu.torch.CudaDriver.CudaStream;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUfunc_st;
import org.bytedeco.cuda.cudart.CUmod_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;

/**
 * Compiled code on a GPU, in the context of CUDA's runtime and on one stream, so that its functions run in turn with
 * those of other libraries on this stream. Thread safe.
 */
final class CudaModule {

    private final CUctx_st context;
    private final CUstream_st stream;
    private final CUmod_st module = new CUmod_st();

    private CudaModule(CudaStream stream) {
        this.context = CudaDriver.context(stream.device());
        this.stream = stream.pointer();
    }

    /**
     * Loads what {@link CudaCompiler#compile} has compiled for a GPU, for the rest of this process; its functions run
     * on {@code stream}.
     */
    static CudaModule load(byte[] code, CudaStream stream) {
        CudaModule loaded = new CudaModule(stream);
        CudaDriver.use(loaded.context);
        try (BytePointer image = new BytePointer(code)) {
            CudaDriver.check("cuModuleLoadData", cuModuleLoadData(loaded.module, image));
        }
        return loaded;
    }

    CudaFunction function(String name) {
        CUfunc_st handle = new CUfunc_st();
        CudaDriver.check("cuModuleGetFunction", cuModuleGetFunction(handle, module, name));
        return new CudaFunction(name, handle);
    }

    /** A function that runs on the GPU. Thread safe. */
    final class CudaFunction {

        /** More than any function of {@code kernels.cu} takes. */
        private static final int MOST_ARGUMENTS = 24;

        private static final PointerPointer<?> NO_OPTIONS = new PointerPointer<>();

        private final String name;
        private final CUfunc_st handle;
        /** The arguments of a launch, which the driver copies; each has eight bytes, whatever its type. */
        private final LongPointer arguments = new LongPointer(MOST_ARGUMENTS).retainReference();

        private final PointerPointer<LongPointer> addresses =
                new PointerPointer<LongPointer>(MOST_ARGUMENTS).retainReference();

        private CudaFunction(String name, CUfunc_st handle) {
            this.name = name;
            this.handle = handle;
            for (int i = 0; i < MOST_ARGUMENTS; i++) {
                addresses.put(i, arguments.getPointer(i));
            }
        }

        /**
         * Starts the function in blocks of threads, with addresses in the memory of the GPU or whole numbers, and
         * returns before it ends.
         */
        synchronized void launch(int blocks, int threads, long... values) {
            if (values.length > MOST_ARGUMENTS) {
                throw new IllegalArgumentException(name + " gets " + values.length + " arguments");
            }
            arguments.put(values);
            CudaDriver.use(context);
            CudaDriver.check(
                    name, cuLaunchKernel(handle, blocks, 1, 1, threads, 1, 1, 0, stream, addresses, NO_OPTIONS));
        }
    }
}
