package dev.reverie.gpu.torch;

import dev.reverie.gpu.nvidia.CudaGraph;
import dev.reverie.gpu.nvidia.CudaStream;
import dev.reverie.gpu.tensor.KernelRecording;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels that the driver has recorded.
 *
 * @param memory memory of the tensors that were allocated meanwhile
 */
record CudaKernelRecording(CudaGraph graph, CudaRecordingMemory memory) implements KernelRecording {

    private static final Logger LOG = LoggerFactory.getLogger(CudaKernelRecording.class);

    /** Records the work, as {@link dev.reverie.gpu.tensor.DeviceKernels#record} does. */
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
            return new CudaKernelRecording(CudaGraph.record(stream, work), memory);
        } catch (RuntimeException | Error failure) {
            memory.close();
            throw failure;
        }
    }

    @Override
    public void launch() {
        graph.launch();
    }

    @Override
    public void close() {
        try {
            graph.close();
        } finally {
            memory.close();
        }
    }
}
