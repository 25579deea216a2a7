package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ParameterDirection;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * Compares the gradients of a real and a synthetic batch with respect to the weights. Each gradient is given as one
 * part per micro-batch.
 *
 * @param classifier whether to compare the gradient with respect to the linear layer's weight, in addition to the
 *     gradients with respect to the convolution weights
 */
record GradientComparison(ConvNet network, ComputeThreads threads, GradientDistance distance, boolean classifier) {

    /**
     * The distance between two gradients, with the derivative of the distance.
     *
     * @param blockLosses contribution of each convolution block to the distance, from the input on; the classifier
     *     counts as part of the last block
     * @param derivative derivative of the distance with respect to the synthetic gradient
     */
    record Outcome(List<Double> blockLosses, ParameterDirection derivative) {

        Outcome {
            blockLosses = List.copyOf(blockLosses);
        }
    }

    /**
     * Computes the distance; the derivative is allocated from {@code scratch}.
     *
     * @param real parts of the real gradient, whose content is undefined afterwards
     * @param synthetic parts of the synthetic gradient, whose content is undefined afterwards
     */
    Outcome compare(List<ParameterSet> real, List<ParameterSet> synthetic, ThreadWorkspace scratch) {
        ParameterDirection derivative = classifier
                ? ParameterDirection.zero(network, scratch)
                : ParameterDirection.zeroOfBlocks(network, scratch);
        double[] byWeight = distances().byWeight(weights(real), weights(synthetic), weights(derivative.parameters()));
        int depth = network.architecture().depth();
        threads.startEach(depth, block -> derivative.changed(block, network.kernels()));
        List<Double> blockLosses =
                new ArrayList<>(Arrays.stream(byWeight).limit(depth).boxed().toList());
        if (classifier) {
            blockLosses.set(depth - 1, blockLosses.get(depth - 1) + byWeight[depth]);
        }
        return new Outcome(blockLosses, derivative);
    }

    private GradientDistances distances() {
        return network.kernels()
                .device()
                .<GradientDistances>map(device -> new DeviceGradientDistances(device, network.kernels(), distance))
                .orElseGet(() -> new HostGradientDistances(threads, distance));
    }

    private List<List<Tensor>> weights(List<ParameterSet> parts) {
        return parts.stream().map(this::weights).toList();
    }

    /** The compared weights: those of the convolutions, then that of the classifier. */
    private List<Tensor> weights(ParameterSet parameters) {
        return Stream.concat(
                        parameters.convolutions().stream(),
                        parameters.classifier().stream().filter(_ -> classifier).map(ParameterSet.Linear::weight))
                .toList();
    }
}
