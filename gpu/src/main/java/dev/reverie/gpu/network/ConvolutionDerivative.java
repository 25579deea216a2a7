package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;

/**
 * A derivative with respect to the outputs of a network's convolutions, besides that which its last block passes on.
 */
@FunctionalInterface
public interface ConvolutionDerivative {

    /** No derivative. */
    ConvolutionDerivative NONE = (block, z, statistics, byConvolved, scratch) -> {};

    /**
     * Adds the derivative to that of one block.
     *
     * @param z output of the convolution, {@code [n, width, h, w]}
     * @param statistics mean and inverse standard deviation of each plane, {@code [n, width, 2]}
     * @param byConvolved derivative with respect to z
     */
    void addTo(int block, Tensor z, Tensor statistics, Tensor byConvolved, ThreadWorkspace scratch);
}
