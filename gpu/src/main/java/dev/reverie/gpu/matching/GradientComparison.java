package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.network.ParameterSet.ParameterDirection;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Compares the gradients of a real and a synthetic batch with respect to the weights. Each gradient is given as one
 * part per micro-batch.
 *
 * @param classifier whether to compare the gradient with respect to the linear layer's weight, in addition to the
 *     gradients with respect to the convolution weights
 */
record GradientComparison(ConvNet network, ComputeThreads threads, GradientDistance distance, boolean classifier) {

    /** Number of output units of a convolution per piece of work. */
    private static final int UNITS = 32;

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
     * Computes the distance from the parts of both gradients, whose content is undefined afterwards; the derivative is
     * allocated from {@code scratch}.
     */
    Outcome compare(List<ParameterSet> real, List<ParameterSet> synthetic, ThreadWorkspace scratch) {
        ParameterDirection derivative = classifier
                ? ParameterDirection.zero(network, scratch)
                : ParameterDirection.zeroOfBlocks(network, scratch);
        double[] byWeight = byWeight(weights(real), weights(synthetic), weights(derivative.parameters()));
        int depth = network.architecture().depth();
        threads.startEach(depth, block -> derivative.changed(block, network.kernels()));
        List<Double> blockLosses =
                new ArrayList<>(Arrays.stream(byWeight).limit(depth).boxed().toList());
        if (classifier) {
            blockLosses.set(depth - 1, blockLosses.get(depth - 1) + byWeight[depth]);
        }
        return new Outcome(blockLosses, derivative);
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

    /**
     * Computes the distance between the gradients with respect to each weight, which is the sum over its output units,
     * and overwrites the derivatives of the distances with respect to the synthetic gradient. A part has one tensor per
     * weight; the content of the first part is undefined afterwards. From a device, only the distances are copied.
     */
    private double[] byWeight(List<List<Tensor>> real, List<List<Tensor>> synthetic, List<Tensor> derivatives) {
        return network.kernels()
                .device()
                .map(device -> device.distances(distance, addAllToFirst(real), addAllToFirst(synthetic), derivatives))
                .orElseGet(() -> onHost(real, synthetic, derivatives));
    }

    /** Adds all other parts to the first one, and returns it. */
    private List<Tensor> addAllToFirst(List<List<Tensor>> parts) {
        List<Tensor> sum = parts.getFirst();
        for (List<Tensor> part : parts.subList(1, parts.size())) {
            for (int weight = 0; weight < sum.size(); weight++) {
                network.kernels().add(part.get(weight), sum.get(weight));
            }
        }
        return sum;
    }

    /** The units of a weight before {@code to}. */
    private record Piece(int weight, int from, int to) {}

    /** Compares gradients unit by unit on the compute threads. */
    private double[] onHost(List<List<Tensor>> real, List<List<Tensor>> synthetic, List<Tensor> derivatives) {
        List<Piece> pieces = pieces(derivatives);
        List<Double> distances = threads.map(pieces.size(), (index, workspace) -> {
            Piece piece = pieces.get(index);
            double sum = 0;
            for (int unit = piece.from(); unit < piece.to(); unit++) {
                sum += compareUnit(piece.weight(), unit, real, synthetic, derivatives);
            }
            return sum;
        });
        return IntStream.range(0, derivatives.size())
                .mapToDouble(weight -> IntStream.range(0, pieces.size())
                        .filter(index -> pieces.get(index).weight() == weight)
                        .mapToDouble(distances::get)
                        .sum())
                .toArray();
    }

    /** Divides the weights; the units of a matrix, which are as few as the classes, are pieces of their own. */
    private static List<Piece> pieces(List<Tensor> weights) {
        List<Piece> pieces = new ArrayList<>();
        for (int weight = 0; weight < weights.size(); weight++) {
            int units = weights.get(weight).dimension(0);
            int step = weights.get(weight).rank() == 2 ? 1 : UNITS;
            for (int from = 0; from < units; from += step) {
                pieces.add(new Piece(weight, from, Math.min(from + step, units)));
            }
        }
        return pieces;
    }

    private double compareUnit(
            int weight, int unit, List<List<Tensor>> real, List<List<Tensor>> synthetic, List<Tensor> derivatives) {
        Tensor target = derivatives.get(weight);
        int length = Math.toIntExact(target.size() / target.dimension(0));
        double[] row = new double[length];
        double loss = distance.ofUnit(sum(real, weight, unit, length), sum(synthetic, weight, unit, length), row);
        target.write((long) unit * length, row);
        return loss;
    }

    private static double[] sum(List<List<Tensor>> parts, int weight, int unit, int length) {
        double[] sum = new double[length];
        double[] row = new double[length];
        for (List<Tensor> part : parts) {
            part.get(weight).read((long) unit * length, row);
            for (int i = 0; i < length; i++) {
                sum[i] += row[i];
            }
        }
        return sum;
    }
}
