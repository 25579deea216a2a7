package dev.reverie.gpu.nvidia;

/**
 * The functions of NVIDIA's management library that Reverie calls. Each throws {@link CudaLibrary.CallException} if the
 * library reports an error, also if the card does not support the function. Thread safe.
 */
interface ManagementLibrary {

    /** Starts the library; is called before the methods below. */
    void start();

    int devices();

    /** Percentage of the last sample period in which the device computed. */
    int utilisationPercent(int device);

    Memory memory(int device);

    int celsius(int device);

    /** The power that the device draws. */
    int milliwatts(int device);

    /** The memory of a device. */
    record Memory(long totalBytes, long usedBytes) {}
}
