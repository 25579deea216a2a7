package dev.reverie.gpu.matching;

import dev.reverie.gpu.method.DistillationSettings.StyleWeights;
import dev.reverie.gpu.network.ConvNet;
import dev.reverie.gpu.network.ConvNet.ConvolutionDerivative;
import dev.reverie.gpu.network.ConvNet.ConvolutionListener;
import dev.reverie.gpu.network.ConvNetArchitecture;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Moments;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The style terms of a class step (DDM, WACV 2025). At the output of each convolution, before its normalisation, the
 * style of a batch consists of the mean and the standard deviation of each channel's planes, and of the Gram matrix of
 * the channels, all averaged over the images. The deviation includes {@link Kernels#EPSILON} inside the root, as in the
 * normalisation.
 *
 * <p>The statistics of a block are kept in one array: the means, the deviations and, if correlations have a weight, the
 * sums over pixels of the products of channels, row by row.
 */
record StyleTerms(StyleWeights weights, ConvNetArchitecture architecture, Kernels kernels) {

    /** Mean square of a number drawn from (-1, 1). */
    private static final double UNIFORM_SQUARE = 1.0 / 3;

    static StyleTerms of(StyleWeights weights, ConvNet network) {
        return new StyleTerms(weights, network.architecture(), network.kernels());
    }

    /**
     * Returns a listener that appends the contribution of samples, whose weights sum to 1 over a whole batch, block by
     * block.
     */
    ConvolutionListener into(List<double[]> contributions, double[] samples) {
        return (norm, scratch) -> {
            double[] contribution = new double[length()];
            addMoments(norm.statistics(), samples, contribution);
            addGram(norm.z(), samples, contribution, scratch);
            contributions.add(contribution);
        };
    }

    private int width() {
        return architecture.width();
    }

    private int length() {
        return 2 * width() + (weights.correlations() > 0 ? width() * width() : 0);
    }

    private void addMoments(Tensor statistics, double[] samples, double[] contribution) {
        double[][] rows = statistics.toRows();
        for (int sample = 0; sample < samples.length; sample++) {
            double[] planes = rows[sample];
            for (int channel = 0; channel < width(); channel++) {
                contribution[channel] += samples[sample] * planes[2 * channel];
                contribution[width() + channel] += samples[sample] / planes[2 * channel + 1];
            }
        }
    }

    private void addGram(Tensor z, double[] samples, double[] contribution, ThreadWorkspace scratch) {
        if (weights.correlations() > 0) {
            Tensor gram = scratch.take(width(), width());
            kernels.gram(z, samples, gram);
            double[] products = gram.toDoubles();
            System.arraycopy(products, 0, contribution, 2 * width(), products.length);
        }
    }

    /** Compares two batches by the contributions of their micro-batches. */
    StyleComparison compare(List<List<double[]>> real, List<List<double[]>> synthetic) {
        List<Double> blockLosses = new ArrayList<>();
        List<double[]> derivatives = new ArrayList<>();
        for (int block = 0; block < architecture.depth(); block++) {
            double[] target = sum(real, block);
            double[] own = sum(synthetic, block);
            double[] derivative = new double[own.length];
            blockLosses.add(distance(block, target, own, derivative));
            derivatives.add(derivative);
        }
        return new StyleComparison(architecture.width(), kernels, blockLosses, derivatives);
    }

    private static double[] sum(List<List<double[]>> contributions, int block) {
        return contributions.stream()
                .map(blocks -> blocks.get(block))
                .reduce((sum, next) -> IntStream.range(0, sum.length)
                        .mapToDouble(i -> sum[i] + next[i])
                        .toArray())
                .orElseThrow();
    }

    /** Computes the weighted distance of one block, and its derivative with respect to the synthetic statistics. */
    private double distance(int block, double[] real, double[] synthetic, double[] derivative) {
        return relative(real, synthetic, 0, biasSquares(block), derivative)
                + relative(real, synthetic, width(), 0, derivative)
                + gramDistance(block, real, synthetic, derivative);
    }

    /**
     * The expected sum of the squares of the biases that the convolutions of the published networks have. Without them,
     * the means of a class that looks like the average of all classes can vanish, and the relative distance explode.
     */
    private double biasSquares(int block) {
        int fanIn = architecture.inputChannels(block) * Kernels.KERNEL * Kernels.KERNEL;
        return width() * UNIFORM_SQUARE / fanIn;
    }

    /**
     * Half the squared distance of the means or of the deviations, as a fraction of the squares of the real ones and
     * {@code more}.
     */
    private double relative(double[] real, double[] synthetic, int from, double more, double[] derivative) {
        double squares = Arrays.stream(real, from, from + width())
                .map(value -> value * value)
                .sum();
        double weight = weights.moments() / (squares + more);
        double distance = 0;
        for (int i = from; i < from + width(); i++) {
            double difference = synthetic[i] - real[i];
            distance += weight * difference * difference / 2;
            derivative[i] = weight * difference;
        }
        return distance;
    }

    /** The sum of the squared differences of the Gram matrices, each divided by the number of values of an image. */
    private double gramDistance(int block, double[] real, double[] synthetic, double[] derivative) {
        double scale = 1.0 / width() / architecture.convolvedHeight(block) / architecture.convolvedWidth(block);
        double distance = 0;
        for (int i = 2 * width(); i < real.length; i++) {
            double difference = scale * (synthetic[i] - real[i]);
            distance += weights.correlations() * difference * difference;
            derivative[i] = 2 * weights.correlations() * scale * difference;
        }
        return distance;
    }

    /**
     * The weighted distance between the styles of a real and a synthetic batch, and its derivative with respect to the
     * synthetic statistics, by block.
     */
    record StyleComparison(int width, Kernels kernels, List<Double> blockLosses, List<double[]> byStatistics) {

        StyleComparison {
            blockLosses = List.copyOf(blockLosses);
            byStatistics = List.copyOf(byStatistics);
        }

        /**
         * The derivative with respect to the outputs of the convolutions, for {@code samples} samples of equal weight.
         */
        ConvolutionDerivative byConvolutions(int samples) {
            return (block, norm, byConvolved, scratch) -> {
                double[] derivative = Arrays.stream(byStatistics.get(block))
                        .map(value -> value / samples)
                        .toArray();
                try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                    Moments byMoments = new Moments(
                            tensor(derivative, 0, 1, scratch, width), tensor(derivative, width, 1, scratch, width));
                    kernels.addMomentsGradient(norm, byMoments, byConvolved);
                    if (derivative.length > 2 * width) {
                        Tensor byGram = tensor(derivative, 2 * width, 2, scratch, width, width);
                        kernels.addGramGradient(norm.z(), byGram, byConvolved);
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
}
