package dev.reverie.gpu.torch;

import dev.reverie.gpu.nvidia.CudaGraph;
import dev.reverie.gpu.nvidia.CudaStream;
import dev.reverie.gpu.tensor.KernelGraph;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Kernels that the driver has recorded, with the memory that they use.
 *
 * @param graph the recording
 * @param memory memory of all tensors of the recorded operations
 */
record CudaKernelGraph(CudaGraph graph, CudaGraphMemory memory) implements KernelGraph {

    private static final Logger LOG = LoggerFactory.getLogger(CudaKernelGraph.class);

    /** Runs the work and records it, as {@link dev.reverie.gpu.tensor.DeviceKernels#record} does. */
    static KernelGraph record(CudaStream stream, Runnable work) {
        CudaGraphMemory memory = new CudaGraphMemory(stream);
        try (CudaGraphMemory.Scope _ = memory.scope()) {
            work.run(); // loads code, and orders the elements of tensors, which is not to be recorded
        } catch (RuntimeException | Error failure) {
            memory.close();
            throw failure;
        }
        try (CudaGraphMemory.Scope _ = memory.scope()) {
            return new CudaKernelGraph(CudaGraph.record(stream, work), memory);
        } catch (RuntimeException failure) {
            LOG.warn("The kernels of a training step cannot be recorded, so they are started one by one", failure);
            memory.close();
            return work::run;
        }
    }

    @Override
    public void launch() {
        graph.launch();
    }

    @Override
    public void close() {
        graph.close();
        memory.close();
    }
}
