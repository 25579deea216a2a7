package dev.reverie.gpu.nvidia;

import dev.reverie.gpu.nvidia.CudaLibrary.CallException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Arrays;

/**
 * Compiled code on a GPU, in the context of CUDA's runtime and on one stream, so that its functions run in turn with
 * those of other libraries on this stream. Thread safe.
 */
@SuppressWarnings("restricted") // calls the driver's C interface
public final class CudaModule {

    private static final int CUDA_ERROR_OUT_OF_MEMORY = 2;

    private final NativeLibrary driver;
    private final MemorySegment context;
    private final MemorySegment module;
    private final MemorySegment stream;
    private final MethodHandle setContext;
    private final MethodHandle launch;

    private CudaModule(NativeLibrary driver, MemorySegment context, MemorySegment module, CudaStream stream) {
        this.driver = driver;
        this.context = context;
        this.module = module;
        this.stream = MemorySegment.ofAddress(stream.handle());
        this.setContext =
                driver.function("cuCtxSetCurrent", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
        MemoryLayout[] sizes = new MemoryLayout[7];
        Arrays.fill(sizes, ValueLayout.JAVA_INT);
        this.launch = driver.function(
                "cuLaunchKernel",
                FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS)
                        .appendArgumentLayouts(sizes)
                        .appendArgumentLayouts(ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    }

    /**
     * Loads code for the rest of this process.
     *
     * @param code result of {@link CudaCompiler#compile} for this GPU
     * @param stream stream on which its functions run
     * @throws RuntimeException if the driver refuses the code
     */
    public static CudaModule load(byte[] code, CudaStream stream) {
        NativeLibrary driver = NvidiaDriver.library();
        MemorySegment context = CudaStream.context(driver, stream.device());
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            driver.call("cuCtxSetCurrent", context);
            driver.call("cuModuleLoadData", handle, arena.allocateFrom(ValueLayout.JAVA_BYTE, code));
            return new CudaModule(driver, context, handle.get(ValueLayout.ADDRESS, 0), stream);
        }
    }

    /**
     * A function of the module.
     *
     * @param name its name, declared as {@code extern "C" __global__}
     */
    public CudaFunction function(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            driver.call("cuModuleGetFunction", handle, module, arena.allocateFrom(name));
            return new CudaFunction(this, name, handle.get(ValueLayout.ADDRESS, 0));
        }
    }

    /** Whether the driver has refused a call with {@code failure} because the memory of the GPU is full. */
    public static boolean isFull(Throwable failure) {
        return failure instanceof CallException call && call.status() == CUDA_ERROR_OUT_OF_MEMORY;
    }

    /** Starts a function and returns before it ends. */
    void launch(CudaFunction function, int blocks, int width, int height, long... arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_LONG, arguments);
            MemorySegment addresses = arena.allocate(ValueLayout.ADDRESS, arguments.length);
            for (int i = 0; i < arguments.length; i++) {
                addresses.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice((long) i * Long.BYTES));
            }
            NativeLibrary.check("cuCtxSetCurrent", (int) setContext.invokeExact(context));
            NativeLibrary.check(function.name(), (int) launch.invokeExact(
                    function.handle(), blocks, 1, 1, width, height, 1, 0, stream, addresses, MemorySegment.NULL));
        } catch (CallException e) {
            throw e;
        } catch (Throwable e) {
            throw new CallException(function.name() + " cannot be launched: " + e.getMessage(), e);
        }
    }
}
