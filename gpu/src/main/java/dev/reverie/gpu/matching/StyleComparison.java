package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.ConvolutionDerivative;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Moments;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;

/** The distance between the styles of a real and a synthetic batch, with the derivative of this distance. */
final class StyleComparison {

    private final int width;
    private final Kernels kernels;
    private final List<Double> blockLosses;
    private final List<double[]> byStatistics;

    /**
     * Stores a distance.
     *
     * @param width channels per block
     * @param blockLosses weighted distance of each block
     * @param byStatistics derivative with respect to the synthetic statistics of each block, as {@link StyleTerms}
     *     arranges them
     */
    StyleComparison(int width, Kernels kernels, List<Double> blockLosses, List<double[]> byStatistics) {
        this.width = width;
        this.kernels = kernels;
        this.blockLosses = List.copyOf(blockLosses);
        this.byStatistics = List.copyOf(byStatistics);
    }

    /** The weighted distance of each block. */
    List<Double> blockLosses() {
        return blockLosses;
    }

    /** The derivative with respect to the outputs of the convolutions, for {@code samples} samples of equal weight. */
    ConvolutionDerivative byConvolutions(int samples) {
        return (block, z, statistics, byConvolved, scratch) -> {
            double[] derivative = Arrays.stream(byStatistics.get(block))
                    .map(value -> value / samples)
                    .toArray();
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                Moments byMoments = new Moments(
                        tensor(derivative, 0, 1, scratch, width), tensor(derivative, width, 1, scratch, width));
                kernels.addMomentsGradient(z, statistics, byMoments, byConvolved);
                if (derivative.length > 2 * width) {
                    Tensor byGram = tensor(derivative, 2 * width, 2, scratch, width, width);
                    kernels.addGramGradient(z, byGram, byConvolved);
                }
            }
        };
    }

    private static Tensor tensor(double[] values, int from, double factor, ThreadWorkspace scratch, int... shape) {
        Tensor tensor = scratch.take(shape);
        int count = Math.toIntExact(tensor.size());
        tensor.write(
                0,
                Arrays.stream(values, from, from + count)
                        .map(value -> factor * value)
                        .toArray());
        return tensor;
    }
}
