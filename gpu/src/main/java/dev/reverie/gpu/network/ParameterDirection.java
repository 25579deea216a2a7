package dev.reverie.gpu.network;

import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A direction in parameter space, with the adjoint convolution weights for the tangent passes.
 *
 * @param parameters components of the direction
 * @param adjoints for each convolution, the adjoint weights of its component of the direction
 */
public record ParameterDirection(ParameterSet parameters, List<Tensor> adjoints) {

    public ParameterDirection {
        adjoints = List.copyOf(adjoints);
    }

    /** Creates a direction of zeros. Call {@link #changed} after writing to the component of a convolution. */
    public static ParameterDirection zero(ConvNet network, ThreadWorkspace scratch) {
        return zero(network.architecture(), ParameterSet.allocate(network.architecture(), scratch::take), scratch);
    }

    /** Creates a direction of zeros without components for the classifier. */
    public static ParameterDirection zeroOfBlocks(ConvNet network, ThreadWorkspace scratch) {
        return zero(
                network.architecture(), ParameterSet.allocateBlocks(network.architecture(), scratch::take), scratch);
    }

    private static ParameterDirection zero(
            ConvNetArchitecture architecture, ParameterSet parameters, ThreadWorkspace scratch) {
        parameters.clear();
        List<Tensor> adjoints = IntStream.range(0, architecture.depth())
                .mapToObj(block -> scratch.take(
                        architecture.inputChannels(block), architecture.width(), Kernels.KERNEL, Kernels.KERNEL))
                .toList();
        return new ParameterDirection(parameters, adjoints);
    }

    /** Updates the adjoint weights of a block after a write to the component of its convolution. */
    public void changed(int block, Kernels kernels) {
        kernels.adjointWeights(parameters.convolution(block), adjoints.get(block));
    }
}
