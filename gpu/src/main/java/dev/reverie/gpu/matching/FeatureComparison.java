package dev.reverie.gpu.matching;

import java.util.List;

/**
 * The distance between the feature statistics of a real and a synthetic batch, with the derivative of this distance.
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

    /** The derivative of the distance with respect to the synthetic statistic; callers must not change the array. */
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
