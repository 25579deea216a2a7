package dev.reverie.gpu.nvidia;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A stream of a GPU: its work runs in order, and at the same time as that of other streams.
 *
 * @param device index of the GPU in {@link NvidiaDriver#gpus()}
 * @param handle the driver's handle of it; 0 for the stream that CUDA's runtime uses by default
 */
public record CudaStream(int device, long handle) {

    /** Does not wait for the default stream. */
    private static final int NON_BLOCKING = 1;

    /** A priority; lower numbers come first. */
    private static final int URGENT = -1;

    /** The stream that CUDA's runtime uses by default. */
    public static CudaStream ofRuntime(int device) {
        return new CudaStream(device, 0);
    }

    /** Whether this is the stream that CUDA's runtime uses by default, which the driver cannot record. */
    public boolean isOfRuntime() {
        return handle == 0;
    }

    /**
     * Creates a stream for the rest of this process.
     *
     * @throws RuntimeException if the driver refuses it
     */
    public static CudaStream create(int device) {
        return create(device, 0);
    }

    /**
     * Creates a stream whose work the GPU starts before that of others.
     *
     * @throws RuntimeException if the driver refuses it
     */
    public static CudaStream createUrgent(int device) {
        return create(device, URGENT);
    }

    private static CudaStream create(int device, int priority) {
        NativeLibrary driver = NvidiaDriver.library();
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            driver.call("cuCtxSetCurrent", context(driver, device));
            driver.call("cuStreamCreateWithPriority", handle, NON_BLOCKING, priority);
            return new CudaStream(device, handle.get(ValueLayout.ADDRESS, 0).address());
        }
    }

    /** The context of CUDA's runtime on a GPU. */
    static MemorySegment context(NativeLibrary driver, int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
            driver.call("cuInit", 0);
            driver.call("cuDevicePrimaryCtxRetain", handle, device);
            return handle.get(ValueLayout.ADDRESS, 0);
        }
    }
}
