package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ParameterDirection;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Compares the gradients of a real and a synthetic batch with respect to the weights. Each gradient is given as one
 * part per micro-batch.
 *
 * @param classifier whether to compare the gradient with respect to the linear layer's weight, in addition to the
 *     gradients with respect to the convolution weights
 */
record GradientComparison(ConvNet network, ComputeThreads threads, GradientDistance distance, boolean classifier) {

    /** Number of output units per piece of work. */
    private static final int UNITS = 32;

    /**
     * The distance between two gradients, with the derivative of the distance.
     *
     * @param byBlock contribution of each convolution block to the distance, from the input on; the classifier counts
     *     as part of the last block
     * @param derivative derivative of the distance with respect to the synthetic gradient
     */
    record Outcome(List<Double> byBlock, ParameterDirection derivative) {

        Outcome {
            byBlock = List.copyOf(byBlock);
        }
    }

    /** Computes the distance; the derivative is allocated from {@code scratch}. */
    Outcome compare(List<ParameterSet> real, List<ParameterSet> synthetic, ThreadWorkspace scratch) {
        ParameterDirection derivative = classifier
                ? ParameterDirection.zero(network, scratch)
                : ParameterDirection.zeroOfBlocks(network, scratch);
        int width = network.architecture().width();
        int pieces = Math.ceilDiv(width, UNITS);
        int depth = network.architecture().depth();
        List<Double> distances = threads.map(depth * pieces, (index, workspace) -> {
            int block = index / pieces;
            int first = index % pieces * UNITS;
            double sum = 0;
            for (int unit = first; unit < Math.min(first + UNITS, width); unit++) {
                sum += compareUnit(parameters -> parameters.convolution(block), unit, real, synthetic, derivative);
            }
            return sum;
        });
        threads.forEach(depth, block -> derivative.changed(block, network.kernels()));
        double[] byBlock = IntStream.range(0, depth)
                .mapToDouble(block -> distances.subList(block * pieces, (block + 1) * pieces).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .toArray();
        byBlock[depth - 1] += classifier ? compareClassifier(real, synthetic, derivative) : 0;
        return new Outcome(Arrays.stream(byBlock).boxed().toList(), derivative);
    }

    private double compareClassifier(
            List<ParameterSet> real, List<ParameterSet> synthetic, ParameterDirection derivative) {
        Function<ParameterSet, Tensor> weight =
                parameters -> parameters.classifier().orElseThrow().weight();
        return IntStream.range(0, network.architecture().classes())
                .mapToDouble(unit -> compareUnit(weight, unit, real, synthetic, derivative))
                .sum();
    }

    private double compareUnit(
            Function<ParameterSet, Tensor> weight,
            int unit,
            List<ParameterSet> real,
            List<ParameterSet> synthetic,
            ParameterDirection derivative) {
        Tensor target = weight.apply(derivative.parameters());
        int length = Math.toIntExact(target.size() / target.dimension(0));
        double[] row = new double[length];
        double loss = distance.ofUnit(sum(real, weight, unit, length), sum(synthetic, weight, unit, length), row);
        target.write((long) unit * length, row);
        return loss;
    }

    private static double[] sum(List<ParameterSet> parts, Function<ParameterSet, Tensor> weight, int unit, int length) {
        double[] sum = new double[length];
        double[] row = new double[length];
        for (ParameterSet part : parts) {
            weight.apply(part).read((long) unit * length, row);
            for (int i = 0; i < length; i++) {
                sum[i] += row[i];
            }
        }
        return sum;
    }
}
