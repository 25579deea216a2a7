package dev.reverie.gpu.nvidia;

/**
 * The functions of NVIDIA's management library (NVML) that Reverie calls. Each throws {@link CudaLibrary.CallException}
 * if the library reports an error, also if the card does not support the function. Thread safe.
 */
interface NvmlLibrary {

    /** Starts the library; is called before the methods below. */
    void start();

    /** The version of the driver, for example {@code 550.54.15}. */
    String driverVersion();

    int devices();

    /** Percentage of the last sample period in which the device computed, 0 to 100. */
    int utilisationPercent(int device);

    Memory memory(int device);

    int celsius(int device);

    /** The power that the device draws. */
    int milliwatts(int device);

    /** The memory of a device. */
    record Memory(long totalBytes, long usedBytes) {}
}
