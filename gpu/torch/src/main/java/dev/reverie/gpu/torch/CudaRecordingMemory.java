package dev.reverie.gpu.torch;

import dev.reverie.gpu.nvidia.CudaStream;
import java.util.concurrent.atomic.AtomicLong;
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
 * Memory of a GPU for recorded kernels: of their tensors, and of the temporary ones of libtorch's operations. What
 * becomes free in it serves only the same kernels, because they write there again whenever they run.
 */
final class CudaRecordingMemory implements AutoCloseable {

    /** libtorch numbers its own pools from 1. */
    private static final AtomicLong NUMBERS = new AtomicLong(1L << 32);

    private static final Logger LOG = LoggerFactory.getLogger(CudaRecordingMemory.class);

    private static final boolean AVAILABLE = load();

    private final byte gpu;
    private final long stream;
    private final LongPointer number;

    /**
     * Holds no memory yet.
     *
     * @param stream stream whose tensors it is for
     */
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

    /** The pair of numbers with which libtorch identifies a pool; JavaCPP has given it the class of another pair. */
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
