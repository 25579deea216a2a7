package dev.reverie.gpu.matching;

import java.util.List;

/**
 * The distance between a statistic of the embeddings of a synthetic batch and that of a real batch, with its
 * derivative.
 */
final class FeatureComparison {

    private final double loss;
    private final double[] byStatistic;

    private FeatureComparison(double loss, double[] byStatistic) {
        this.loss = loss;
        this.byStatistic = byStatistic;
    }

    /** The distance. */
    double loss() {
        return loss;
    }

    /** Its derivative by the synthetic statistic; callers must not change it. */
    double[] byStatistic() {
        return byStatistic;
    }

    /**
     * Compares two batches.
     *
     * @param real contributions of the micro-batches of the real batch
     * @param synthetic contributions of the micro-batches of the synthetic batch
     */
    static FeatureComparison of(FeatureStatistic statistic, List<double[]> real, List<double[]> synthetic) {
        double[] whole = sum(synthetic);
        double[] derivative = new double[whole.length];
        return new FeatureComparison(statistic.distance(sum(real), whole, derivative), derivative);
    }

    private static double[] sum(List<double[]> shares) {
        double[] sum = new double[shares.getFirst().length];
        for (double[] share : shares) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += share[i];
            }
        }
        return sum;
    }
}
