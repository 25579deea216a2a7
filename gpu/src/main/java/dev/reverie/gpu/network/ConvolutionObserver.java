package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;

/** Observes the outputs of a network's convolutions, before their normalisation, block by block. */
@FunctionalInterface
public interface ConvolutionObserver {

    /** Ignores all outputs. */
    ConvolutionObserver NONE = (z, statistics, scratch) -> {};

    /**
     * Observes the next block of a micro-batch.
     *
     * @param z output of the convolution, {@code [n, width, h, w]}, valid only during the call
     * @param statistics mean and inverse standard deviation of each plane, {@code [n, width, 2]}
     */
    void observe(Tensor z, Tensor statistics, ThreadWorkspace scratch);
}
