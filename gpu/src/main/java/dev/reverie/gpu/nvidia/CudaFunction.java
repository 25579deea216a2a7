package dev.reverie.gpu.nvidia;

import java.lang.foreign.MemorySegment;

/**
 * A function that runs on the GPU.
 *
 * @param handle the driver's handle of it
 */
public record CudaFunction(CudaModule module, String name, MemorySegment handle) {

    /**
     * Starts the function and returns before it ends.
     *
     * @param blocks number of thread blocks
     * @param width threads of a block in the first dimension
     * @param height threads of a block in the second dimension
     * @param arguments addresses in the memory of the GPU, or whole numbers
     * @throws RuntimeException if the driver refuses the launch
     */
    public void launch(int blocks, int width, int height, long... arguments) {
        module.launch(this, blocks, width, height, arguments);
    }
}
