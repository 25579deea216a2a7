package dev.reverie.gpu.nvidia;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The driver's library for CUDA, {@code libcuda.so.1}. */
record NativeCuda(NativeLibrary library) implements CudaLibrary {

    private static final int NAME_LENGTH = 256;

    @Override
    public int cudaVersion() {
        MemorySegment version = library.arena().allocate(ValueLayout.JAVA_INT);
        library.call("cuDriverGetVersion", version);
        return version.get(ValueLayout.JAVA_INT, 0);
    }

    @Override
    public void start() {
        library.call("cuInit", 0);
    }

    @Override
    public int devices() {
        MemorySegment count = library.arena().allocate(ValueLayout.JAVA_INT);
        library.call("cuDeviceGetCount", count);
        return count.get(ValueLayout.JAVA_INT, 0);
    }

    @Override
    public String name(int device) {
        MemorySegment name = library.arena().allocate(NAME_LENGTH);
        library.call("cuDeviceGetName", name, NAME_LENGTH, device);
        return name.getString(0);
    }

    @Override
    public long memoryBytes(int device) {
        MemorySegment bytes = library.arena().allocate(ValueLayout.JAVA_LONG);
        library.call("cuDeviceTotalMem_v2", bytes, device);
        return bytes.get(ValueLayout.JAVA_LONG, 0);
    }

    @Override
    public int attribute(int attribute, int device) {
        MemorySegment value = library.arena().allocate(ValueLayout.JAVA_INT);
        library.call("cuDeviceGetAttribute", value, attribute, device);
        return value.get(ValueLayout.JAVA_INT, 0);
    }
}
