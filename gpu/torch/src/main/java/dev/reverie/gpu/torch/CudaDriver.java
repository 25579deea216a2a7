package dev.reverie.gpu.torch;

import static org.bytedeco.cuda.global.cudart.CUDA_ERROR_OUT_OF_MEMORY;
import static org.bytedeco.cuda.global.cudart.CU_STREAM_NON_BLOCKING;
import static org.bytedeco.cuda.global.cudart.cuCtxSetCurrent;
import static org.bytedeco.cuda.global.cudart.cuDevicePrimaryCtxRetain;
import static org.bytedeco.cuda.global.cudart.cuInit;
import static org.bytedeco.cuda.global.cudart.cuStreamCreateWithPriority;

import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUstream_st;

/** The driver of NVIDIA's GPUs, as JavaCPP binds it. */
final class CudaDriver {

    private CudaDriver() {}

    /** A function that has reported an error. */
    static final class CallException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final int status;

        CallException(String function, int status) {
            super(function + " answers with error " + status);
            this.status = status;
        }
    }

    /** Throws a {@link CallException} if a function has returned an error. */
    static void check(String function, int status) {
        if (status != 0) {
            throw new CallException(function, status);
        }
    }

    /** Whether the driver has refused a call with {@code failure} because the memory of the GPU is full. */
    static boolean isFull(Throwable failure) {
        return failure instanceof CallException call && call.status == CUDA_ERROR_OUT_OF_MEMORY;
    }

    /** The context of CUDA's runtime on a GPU, in which other libraries work, too. */
    static CUctx_st context(int device) {
        CUctx_st context = new CUctx_st();
        check("cuInit", cuInit(0));
        check("cuDevicePrimaryCtxRetain", cuDevicePrimaryCtxRetain(context, device));
        return context;
    }

    /** Lets the calling thread work in a context. */
    static void use(CUctx_st context) {
        check("cuCtxSetCurrent", cuCtxSetCurrent(context));
    }

    /**
     * A stream of a GPU: its work runs in order, and at the same time as that of other streams.
     *
     * @param device index of the GPU in {@link dev.reverie.gpu.nvidia.NvidiaDriver#gpus()}
     * @param pointer the driver's handle of it; a null pointer for the stream that CUDA's runtime uses by default
     */
    record CudaStream(int device, CUstream_st pointer) {

        /** A priority; lower numbers come first. */
        private static final int URGENT = -1;

        /** The stream that CUDA's runtime uses by default. */
        static CudaStream ofRuntime(int device) {
            return new CudaStream(device, new CUstream_st());
        }

        /**
         * Creates a stream for the rest of this process, whose work the GPU starts before that of others if it is
         * urgent.
         */
        static CudaStream create(int device, boolean urgent) {
            use(CudaDriver.context(device));
            CUstream_st created = new CUstream_st();
            check(
                    "cuStreamCreateWithPriority",
                    cuStreamCreateWithPriority(created, CU_STREAM_NON_BLOCKING, urgent ? URGENT : 0));
            return new CudaStream(device, created);
        }

        /** Whether this is the stream that CUDA's runtime uses by default, which the driver cannot record. */
        boolean isOfRuntime() {
            return pointer.isNull();
        }

        long handle() {
            return pointer.address();
        }
    }
}
