package dev.reverie.gpu.tensor;

/** Kernels that a device has recorded, with their tensors, and can start again and again. Not thread safe. */
public interface KernelRecording extends AutoCloseable {

    /** Starts the kernels, in order, and may return before they end. */
    void launch();

    /** Frees what the recording holds, but not its tensors. */
    @Override
    default void close() {}
}
