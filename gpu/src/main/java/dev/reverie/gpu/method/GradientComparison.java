package dev.reverie.gpu.method;

import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.Direction;
import dev.reverie.gpu.network.ParameterSet;
import dev.reverie.gpu.objective.Distance;
import dev.reverie.gpu.tensor.Lanes;
import dev.reverie.gpu.tensor.Scratch;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** Compares two gradients by the convolution weights, each in as many parts as micro-batches it was computed in. */
record GradientComparison(ConvNet network, Lanes lanes, Distance distance) {

    /** Output units per piece of work. */
    private static final int UNITS = 32;

    /**
     * How far they are apart.
     *
     * @param byBlock the part of each convolution block, from the input on
     * @param derivative of the distance by the synthetic gradient
     */
    record Outcome(List<Double> byBlock, Direction derivative) {

        Outcome {
            byBlock = List.copyOf(byBlock);
        }
    }

    /** The derivative is taken from {@code scratch}. */
    Outcome compare(List<ParameterSet> real, List<ParameterSet> synthetic, Scratch scratch) {
        Direction derivative = Direction.zeroOfBlocks(network, scratch);
        int width = network.architecture().width();
        int pieces = Math.ceilDiv(width, UNITS);
        int depth = network.architecture().depth();
        List<Double> distances = lanes.map(depth * pieces, (index, lane) -> {
            int block = index / pieces;
            int first = index % pieces * UNITS;
            double sum = 0;
            for (int unit = first; unit < Math.min(first + UNITS, width); unit++) {
                sum += compareUnit(
                        block, unit, real, synthetic, derivative.parameters().convolution(block));
            }
            return sum;
        });
        lanes.forEach(depth, block -> derivative.changed(block, network.kernels()));
        return new Outcome(
                IntStream.range(0, depth)
                        .mapToObj(block -> distances.subList(block * pieces, (block + 1) * pieces).stream()
                                .mapToDouble(Double::doubleValue)
                                .sum())
                        .toList(),
                derivative);
    }

    private double compareUnit(
            int block, int unit, List<ParameterSet> real, List<ParameterSet> synthetic, Tensor derivative) {
        int length = Math.toIntExact(derivative.size() / derivative.dimension(0));
        double[] row = new double[length];
        double loss = distance.ofUnit(sum(real, block, unit, length), sum(synthetic, block, unit, length), row);
        derivative.write((long) unit * length, row);
        return loss;
    }

    private static double[] sum(List<ParameterSet> parts, int block, int unit, int length) {
        double[] sum = new double[length];
        double[] row = new double[length];
        for (ParameterSet part : parts) {
            part.convolution(block).read((long) unit * length, row);
            for (int i = 0; i < length; i++) {
                sum[i] += row[i];
            }
        }
        return sum;
    }
}
