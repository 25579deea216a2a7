package dev.reverie.gpu.nvidia;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The driver's management library, {@code libnvidia-ml.so.1}. */
record NativeNvml(NativeLibrary library) implements NvmlLibrary {

    private static final int VERSION_LENGTH = 80;
    private static final int SENSOR_OF_THE_CHIP = 0;

    @Override
    public void start() {
        library.call("nvmlInit_v2");
    }

    @Override
    public String driverVersion() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment version = arena.allocate(VERSION_LENGTH);
            library.call("nvmlSystemGetDriverVersion", version, VERSION_LENGTH);
            return version.getString(0);
        }
    }

    @Override
    public int devices() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
            library.call("nvmlDeviceGetCount_v2", count);
            return count.get(ValueLayout.JAVA_INT, 0);
        }
    }

    @Override
    public int utilisationPercent(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment processorsAndMemory = arena.allocate(ValueLayout.JAVA_INT, 2);
            library.call("nvmlDeviceGetUtilizationRates", handle(device, arena), processorsAndMemory);
            return processorsAndMemory.getAtIndex(ValueLayout.JAVA_INT, 0);
        }
    }

    @Override
    public Memory memory(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment totalFreeAndUsed = arena.allocate(ValueLayout.JAVA_LONG, 3);
            library.call("nvmlDeviceGetMemoryInfo", handle(device, arena), totalFreeAndUsed);
            return new Memory(
                    totalFreeAndUsed.getAtIndex(ValueLayout.JAVA_LONG, 0),
                    totalFreeAndUsed.getAtIndex(ValueLayout.JAVA_LONG, 2));
        }
    }

    @Override
    public int celsius(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment degrees = arena.allocate(ValueLayout.JAVA_INT);
            library.call("nvmlDeviceGetTemperature", handle(device, arena), SENSOR_OF_THE_CHIP, degrees);
            return degrees.get(ValueLayout.JAVA_INT, 0);
        }
    }

    @Override
    public int milliwatts(int device) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment power = arena.allocate(ValueLayout.JAVA_INT);
            library.call("nvmlDeviceGetPowerUsage", handle(device, arena), power);
            return power.get(ValueLayout.JAVA_INT, 0);
        }
    }

    private MemorySegment handle(int device, Arena arena) {
        MemorySegment handle = arena.allocate(ValueLayout.ADDRESS);
        library.call("nvmlDeviceGetHandleByIndex_v2", device, handle);
        return handle.get(ValueLayout.ADDRESS, 0);
    }
}
