package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A direction in parameter space, with the adjoint convolution weights for the tangent passes.
 *
 * @param parameters the components
 * @param adjoints of each convolution's component
 */
public record ParameterDirection(ParameterSet parameters, List<Tensor> adjoints) {

    public ParameterDirection {
        adjoints = List.copyOf(adjoints);
    }

    /** A direction of all zeros, to be written to; {@link #changed} completes it. */
    public static ParameterDirection zero(ConvNet network, ThreadWorkspace scratch) {
        return zero(network.architecture(), ParameterSet.allocate(network.architecture(), scratch::take), scratch);
    }

    /** A direction of all zeros without the classifier. */
    public static ParameterDirection zeroOfBlocks(ConvNet network, ThreadWorkspace scratch) {
        return zero(
                network.architecture(), ParameterSet.allocateBlocks(network.architecture(), scratch::take), scratch);
    }

    private static ParameterDirection zero(
            Architecture architecture, ParameterSet parameters, ThreadWorkspace scratch) {
        parameters.clear();
        List<Tensor> adjoints = IntStream.range(0, architecture.depth())
                .mapToObj(block -> scratch.take(
                        architecture.inputChannels(block), architecture.width(), Kernels.KERNEL, Kernels.KERNEL))
                .toList();
        return new ParameterDirection(parameters, adjoints);
    }

    /** Updates the adjoint of {@code block}'s component after a write to that component. */
    public void changed(int block, Kernels kernels) {
        kernels.adjointWeights(parameters.convolution(block), adjoints.get(block));
    }
}
