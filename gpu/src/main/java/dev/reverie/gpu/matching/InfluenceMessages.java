package dev.reverie.gpu.matching;

import dev.reverie.gpu.network.CrossEntropy;
import dev.reverie.gpu.network.Network;
import dev.reverie.gpu.network.ParameterSet.Linear;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The mean message of the embeddings (Inf-Match, CVPR 2026). The message of an embedding e consists of one block (1 +
 * 0.2 g_c) e per class c, scaled to length 1 as a whole, where g is the derivative of the cross-entropy with respect to
 * the logits. Since this is the outer product of two vectors, both can be scaled to length 1 instead.
 *
 * <p>The distance is the mean of {@code (w.r - w.s)^2 / ((w.r)^2 + (w.s)^2)} over normally distributed probes w. The
 * released code draws 4,096 probes; here, the mean over all probes is computed. The two products are jointly normal, so
 * the double of the angle that they make has a wrapped Cauchy distribution, whose mean gives {@code 1 - 2 r.s / (r.r +
 * s.s + 2 sqrt((r.r) (s.s) - (r.s)^2))}.
 */
record InfluenceMessages(Network network, int output) implements FeatureStatistic {

    /** Weight of g in a message, as in the released code. */
    private static final double INFLUENCE = 0.2;

    /** Factor of the distance, as in the released code; the image learning rates depend on this factor. */
    private static final double SCALE = 100;

    /** Added under the root, relative to the product of the squared lengths: the root has no derivative at 0. */
    private static final double SAFETY = 1e-12;

    private Kernels kernels() {
        return network.kernels();
    }

    private Linear classifier() {
        return network.parameters().classifier().orElseThrow();
    }

    private int classes() {
        return network.architecture().classes();
    }

    /**
     * What makes a message of an embedding.
     *
     * @param length length of the embedding, or 1 if it is 0
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Factors(double[] probabilities, double[] blocks, double blocksLength, double length) {

        /** The factor of a block, scaled so that those of all blocks have length 1. */
        double unit(int block) {
            return blocks[block] / blocksLength;
        }
    }

    private Factors factors(double[] logits, double[] embedding) {
        double[] probabilities = CrossEntropy.softmax(logits);
        double[] blocks = new double[logits.length];
        for (int c = 0; c < blocks.length; c++) {
            blocks[c] = 1 + INFLUENCE * (probabilities[c] - (c == output ? 1 : 0));
        }
        double length = length(embedding);
        return new Factors(probabilities, blocks, length(blocks), length > 0 ? length : 1);
    }

    private static double length(double[] vector) {
        return Math.sqrt(Arrays.stream(vector).map(x -> x * x).sum());
    }

    /** Computes the factors of some embeddings, whose values are {@code rows}. */
    private Factors[] factors(Tensor features, double[][] rows, ThreadWorkspace scratch) {
        Factors[] factors = new Factors[rows.length];
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor products = scratch.take(factors.length, classes());
            kernels()
                    .multiply(
                            Factor.of(features), Factor.transposed(classifier().weight()), false, products);
            double[] bias = classifier().bias().toDoubles();
            double[][] logits = products.toRows();
            for (int sample = 0; sample < factors.length; sample++) {
                for (int c = 0; c < bias.length; c++) {
                    logits[sample][c] += bias[c];
                }
                factors[sample] = factors(logits[sample], rows[sample]);
            }
        }
        return factors;
    }

    /** Computes the contributions to the mean message, class by class. */
    @Override
    public double[] of(Tensor features, double[] weights, ThreadWorkspace scratch) {
        Factors[] factors = factors(features, features.toRows(), scratch);
        double[][] units = new double[factors.length][classes()];
        for (int sample = 0; sample < factors.length; sample++) {
            for (int c = 0; c < classes(); c++) {
                units[sample][c] = weights[sample] * factors[sample].unit(c) / factors[sample].length;
            }
        }
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor rows = scratch.take(factors.length, classes());
            rows.setRows(units);
            Tensor sum = scratch.take(classes(), features.dimension(1));
            kernels().multiply(Factor.transposed(rows), Factor.of(features), false, sum);
            return sum.toDoubles();
        }
    }

    @Override
    public double distance(double[] real, double[] synthetic, double[] derivative) {
        double rr = product(real, real);
        double ss = product(synthetic, synthetic);
        double rs = product(real, synthetic);
        if (rr == 0 || ss == 0) {
            Arrays.fill(derivative, 0);
            return rr == ss ? 0 : SCALE;
        }
        double root = Math.sqrt(Math.max(SAFETY * rr * ss, (1 + SAFETY) * rr * ss - rs * rs));
        double sum = rr + ss + 2 * root;
        double byRs = -2 * SCALE / sum - 4 * SCALE * rs * rs / (sum * sum * root);
        double bySs = 2 * SCALE * rs / (sum * sum) * (1 + (1 + SAFETY) * rr / root);
        for (int i = 0; i < derivative.length; i++) {
            derivative[i] = byRs * real[i] + 2 * bySs * synthetic[i];
        }
        return SCALE * (1 - 2 * rs / sum);
    }

    private static double product(double[] x, double[] y) {
        double product = 0;
        for (int i = 0; i < x.length; i++) {
            product += x[i] * y[i];
        }
        return product;
    }

    @Override
    public void derivative(
            Tensor features, double[] byStatistic, double weight, Tensor byFeatures, ThreadWorkspace scratch) {
        double[][] rows = features.toRows();
        Factors[] factors = factors(features, rows, scratch);
        int samples = factors.length;
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor byMessage = scratch.take(classes(), features.dimension(1));
            byMessage.write(0, byStatistic);
            Tensor products = scratch.take(samples, classes());
            kernels().multiply(Factor.of(features), Factor.transposed(byMessage), false, products);
            Tensor units = scratch.take(samples, classes());
            Tensor byLogits = scratch.take(samples, classes());
            List<ByBlocks> byBlocks = throughBlocks(factors, weight, products.toRows());
            units.setRows(byBlocks.stream().map(row -> row.unit).toArray(double[][]::new));
            byLogits.setRows(byBlocks.stream().map(row -> row.byLogit).toArray(double[][]::new));
            kernels().multiply(Factor.of(units), Factor.of(byMessage), false, byFeatures);
            kernels().multiply(Factor.of(byLogits), Factor.of(classifier().weight()), true, byFeatures);
            removeAlong(rows, byBlocks, byFeatures);
        }
    }

    /**
     * How the derivatives reach the embedding of a sample.
     *
     * @param unit row by which they reach it directly
     * @param byLogit row by which they reach it through the logits
     * @param along multiple of the embedding that scaling it to length 1 removes from its derivative
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record ByBlocks(double[] unit, double[] byLogit, double along) {}

    private static List<ByBlocks> throughBlocks(Factors[] factors, double weight, double[][] products) {
        return IntStream.range(0, factors.length)
                .mapToObj(sample -> throughBlocks(factors[sample], weight, products[sample]))
                .toList();
    }

    /**
     * Propagates the products of a sample's embedding and the derivatives by the blocks of the message, which are
     * overwritten, through the blocks.
     */
    private static ByBlocks throughBlocks(Factors factors, double weight, double[] byUnit) {
        double[] unit = new double[byUnit.length];
        double along = 0;
        for (int c = 0; c < unit.length; c++) {
            byUnit[c] *= weight / factors.length;
            along += byUnit[c] * factors.unit(c);
            unit[c] = weight * factors.unit(c) / factors.length;
        }
        double mean = 0;
        double[] byLogit = new double[unit.length];
        for (int c = 0; c < unit.length; c++) {
            byLogit[c] = INFLUENCE * (byUnit[c] - along * factors.unit(c)) / factors.blocksLength;
            mean += factors.probabilities[c] * byLogit[c];
        }
        for (int c = 0; c < unit.length; c++) {
            byLogit[c] = factors.probabilities[c] * (byLogit[c] - mean);
        }
        return new ByBlocks(unit, byLogit, along / (factors.length * factors.length));
    }

    private static void removeAlong(double[][] rows, List<ByBlocks> byBlocks, Tensor byFeatures) {
        double[][] derivatives = byFeatures.toRows();
        for (int sample = 0; sample < rows.length; sample++) {
            double along = byBlocks.get(sample).along;
            for (int i = 0; i < rows[sample].length; i++) {
                derivatives[sample][i] -= along * rows[sample][i];
            }
        }
        byFeatures.setRows(derivatives);
    }
}
