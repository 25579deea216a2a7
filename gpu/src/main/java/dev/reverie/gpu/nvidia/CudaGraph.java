package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/**
 * Work of a stream that the driver has recorded, with all addresses, and starts with one call. The memory at these
 * addresses must stay allocated until the graph is closed and its last launch has ended.
 */
public final class CudaGraph implements AutoCloseable {

    /** The capture mode in which the recording thread may allocate memory meanwhile. */
    private static final int RELAXED = 2;

    private final NativeLibrary driver;
    private final MemorySegment context;
    private final MemorySegment stream;
    private final MemorySegment executable;
    private final MethodHandle setContext;
    private final MethodHandle start;

    private CudaGraph(NativeLibrary driver, MemorySegment context, MemorySegment stream, MemorySegment executable) {
        this.driver = driver;
        this.context = context;
        this.stream = stream;
        this.executable = executable;
        this.setContext =
                driver.function("cuCtxSetCurrent", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        this.start = driver.function(
                "cuGraphLaunch", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }

    /**
     * Records the work that {@code work} starts on a stream; the GPU does not do it yet.
     *
     * @param stream any but that of CUDA's runtime, which the driver cannot record
     * @param work neither waits for the GPU nor reads from it
     * @throws RuntimeException if the driver cannot record this work
     */
    public static CudaGraph record(CudaStream stream, Runnable work) {
        NativeLibrary driver = NvidiaDriver.library();
        MemorySegment context = CudaStream.context(driver, stream.device());
        MemorySegment handle = MemorySegment.ofAddress(stream.handle());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment graph = arena.allocate(ValueLayout.ADDRESS);
            MemorySegment executable = arena.allocate(ValueLayout.ADDRESS);
            driver.call("cuCtxSetCurrent", context);
            driver.call("cuStreamBeginCapture_v2", handle, RELAXED);
            try (Ending destroy = () -> destroy(driver, graph)) {
                try (Ending end = () -> driver.call("cuStreamEndCapture", handle, graph)) {
                    work.run();
                }
                driver.call("cuGraphInstantiateWithFlags", executable, graph.get(ValueLayout.ADDRESS, 0), 0L);
            }
            return new CudaGraph(driver, context, handle, executable.get(ValueLayout.ADDRESS, 0));
        }
    }

    /** Destroys the graph at an address, if there is one. */
    private static void destroy(NativeLibrary driver, MemorySegment graph) {
        MemorySegment recorded = graph.get(ValueLayout.ADDRESS, 0);
        if (recorded.address() != 0) {
            driver.call("cuGraphDestroy", recorded);
        }
    }

    /** What is done whatever happens; its failure does not hide an earlier one. */
    private interface Ending extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Starts the recorded work and returns before it ends.
     *
     * @throws RuntimeException if the driver refuses it
     */
    public void launch() {
        try {
            NativeLibrary.check("cuCtxSetCurrent", (int) setContext.invokeExact(context));
            NativeLibrary.check("cuGraphLaunch", (int) start.invokeExact(executable, stream));
        } catch (CallException e) {
            throw e;
        } catch (Throwable e) {
            throw new CallException("a graph cannot be launched: " + e.getMessage(), e);
        }
    }

    /** Frees the recording. If its last launch has not ended, the driver frees it when it ends. */
    @Override
    public void close() {
        driver.call("cuCtxSetCurrent", context);
        driver.call("cuGraphExecDestroy", executable);
    }
}
