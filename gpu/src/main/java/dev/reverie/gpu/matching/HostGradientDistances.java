package dev.reverie.gpu.matching;

import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.ComputeThreads;
import dev.reverie.gpu.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Compares gradients unit by unit on the compute threads. */
record HostGradientDistances(ComputeThreads threads, GradientDistance distance) implements GradientDistances {

    /** Number of output units of a convolution per piece of work. */
    private static final int UNITS = 32;

    /**
     * Some units of a weight.
     *
     * @param to index after the last unit
     */
    private record Piece(int weight, int from, int to) {}

    @Override
    public double[] byWeight(List<List<Tensor>> real, List<List<Tensor>> synthetic, List<Tensor> derivatives) {
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
