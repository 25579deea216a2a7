package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;

/** Receives the outputs of a network's convolutions, before their normalisation, block by block. */
@FunctionalInterface
public interface ConvolutionListener {

    /** Ignores all outputs. */
    ConvolutionListener NONE = (z, statistics, scratch) -> {};

    /**
     * Receives the output of the next block of a micro-batch.
     *
     * @param z output of the convolution, {@code [n, width, h, w]}, valid only during the call
     * @param statistics mean and inverse standard deviation of each plane, {@code [n, width, 2]}
     */
    void onOutput(Tensor z, Tensor statistics, ThreadWorkspace scratch);
}
