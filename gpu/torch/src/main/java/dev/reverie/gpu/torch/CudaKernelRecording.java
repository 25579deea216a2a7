package dev.reverie.gpu.torch;

import static org.bytedeco.cuda.global.cudart.CU_STREAM_CAPTURE_MODE_RELAXED;
import static org.bytedeco.cuda.global.cudart.cuGraphDestroy;
import static org.bytedeco.cuda.global.cudart.cuGraphExecDestroy;
import static org.bytedeco.cuda.global.cudart.cuGraphInstantiate;
import static org.bytedeco.cuda.global.cudart.cuGraphLaunch;
import static org.bytedeco.cuda.global.cudart.cuStreamBeginCapture;
import static org.bytedeco.cuda.global.cudart.cuStreamEndCapture;

import dev.reverie.gpu.tensor.DeviceKernels.KernelRecording;
import dev.reverie.gpu.torch.CudaDriver.CudaStream;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.bytedeco.cuda.cudart.CUctx_st;
import org.bytedeco.cuda.cudart.CUgraphExec_st;
import org.bytedeco.cuda.cudart.CUgraph_st;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.cuda.DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair;
import org.bytedeco.pytorch.cuda.StreamFilter;
import org.bytedeco.pytorch.global.torch_cuda;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Work of a stream that the driver has recorded, with all addresses, and starts with one call.
 *
 * @param memory memory of the tensors that were allocated meanwhile
 */
record CudaKernelRecording(CUctx_st context, CUstream_st stream, CUgraphExec_st graph, CudaRecordingMemory memory)
        implements KernelRecording {

    private static final Logger LOG = LoggerFactory.getLogger(CudaKernelRecording.class);

    /**
     * Records the work on a stream, any but that of CUDA's runtime, as
     * {@link dev.reverie.gpu.tensor.DeviceKernels#record} does.
     */
    static KernelRecording of(CudaStream stream, Runnable work, Predicate<Throwable> isFull) {
        try {
            return recorded(stream, work);
        } catch (RuntimeException | LinkageError failure) {
            if (isFull.test(failure)) {
                throw failure;
            }
            LOG.warn("Kernels cannot be recorded, so they are started one by one, and training takes longer", failure);
            return work::run;
        }
    }

    private static KernelRecording recorded(CudaStream stream, Runnable work) {
        CudaRecordingMemory memory = new CudaRecordingMemory(stream);
        try (CudaRecordingMemory.Scope _ = memory.scope()) {
            CUctx_st context = CudaDriver.context(stream.device());
            return new CudaKernelRecording(context, stream.pointer(), graph(context, stream.pointer(), work), memory);
        } catch (RuntimeException | Error failure) {
            memory.close();
            throw failure;
        }
    }

    private static CUgraphExec_st graph(CUctx_st context, CUstream_st stream, Runnable work) {
        CUgraph_st recorded = new CUgraph_st();
        CUgraphExec_st executable = new CUgraphExec_st();
        CudaDriver.use(context);
        // relaxed: this thread may allocate memory meanwhile
        CudaDriver.check("cuStreamBeginCapture", cuStreamBeginCapture(stream, CU_STREAM_CAPTURE_MODE_RELAXED));
        try (Ending _ = () -> destroy(recorded)) {
            try (Ending _ = () -> CudaDriver.check("cuStreamEndCapture", cuStreamEndCapture(stream, recorded))) {
                work.run();
            }
            CudaDriver.check("cuGraphInstantiate", cuGraphInstantiate(executable, recorded, 0));
        }
        return executable;
    }

    private static void destroy(CUgraph_st recorded) {
        if (!recorded.isNull()) {
            CudaDriver.check("cuGraphDestroy", cuGraphDestroy(recorded));
        }
    }

    /** What is done whatever happens; its failure does not hide an earlier one. */
    private interface Ending extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public void launch() {
        CudaDriver.use(context);
        CudaDriver.check("cuGraphLaunch", cuGraphLaunch(graph, stream));
    }

    /** Frees the recording. If its last launch has not ended, the driver frees it when it ends. */
    @Override
    public void close() {
        try {
            CudaDriver.use(context);
            CudaDriver.check("cuGraphExecDestroy", cuGraphExecDestroy(graph));
        } finally {
            memory.close();
        }
    }

    /**
     * Memory of a GPU for recorded kernels: of their tensors, and of the temporary ones of libtorch's operations. What
     * becomes free in it serves only the same kernels, because they write there again whenever they run.
     */
    static final class CudaRecordingMemory implements AutoCloseable {

        /** libtorch numbers its own pools from 1. */
        private static final AtomicLong NUMBERS = new AtomicLong(1L << 32);

        private static final Logger LOG = LoggerFactory.getLogger(CudaRecordingMemory.class);

        private static final boolean AVAILABLE = load();

        private final byte gpu;
        private final long stream;
        private final LongPointer number;

        /** Holds no memory for the tensors of the stream yet. */
        CudaRecordingMemory(CudaStream stream) {
            this.gpu = (byte) stream.device();
            this.stream = stream.handle();
            this.number = new LongPointer(0, NUMBERS.incrementAndGet());
            torch_cuda.createOrIncrefPool(gpu, pool());
        }

        private static boolean load() {
            try {
                Loader.load(torch_cuda.class);
                return true;
            } catch (LinkageError | RuntimeException e) {
                LOG.warn(
                        "JavaCPP's libraries for CUDA cannot be loaded, so training on this GPU takes longer; install all"
                                + " libraries of CUDA 13",
                        e);
                return false;
            }
        }

        /** Whether libtorch can be told to keep memory apart. */
        static boolean isAvailable() {
            return AVAILABLE;
        }

        /** Lets libtorch allocate from this memory whatever the stream needs, until the scope is closed. */
        Scope scope() {
            return new Scope();
        }

        /**
         * The pair of numbers with which libtorch identifies a pool; JavaCPP has given it the class of another pair.
         */
        private DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair pool() {
            return new DeviceAssertionsDataVectorCUDAKernelLaunchInfoVectorPair(number);
        }

        /** Lets libtorch free the memory when its last tensor is closed. */
        @Override
        public void close() {
            release();
            number.close();
        }

        /** Ends a use; libtorch counts the uses of a pool. */
        private void release() {
            torch_cuda.getAllocator().releasePool(gpu, pool());
        }

        /** A scope, at the end of which allocations are made from other memory again. */
        final class Scope implements AutoCloseable {

            private final OfStream ofStream = new OfStream(stream);

            private Scope() {
                torch_cuda.beginAllocateToPool(gpu, pool(), ofStream);
            }

            @Override
            public void close() {
                torch_cuda.endAllocateToPool(gpu, pool());
                release(); // what the begin of the scope has counted
                ofStream.close();
            }
        }

        /** Is asked for the stream of each allocation. */
        private static final class OfStream extends StreamFilter {

            private final long stream;

            private OfStream(long stream) {
                this.stream = stream;
            }

            @Override
            public boolean call(@Nullable Pointer other) {
                return other != null && other.address() == stream;
            }
        }
    }
}
