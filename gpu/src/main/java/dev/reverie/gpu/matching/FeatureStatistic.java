package dev.reverie.gpu.matching;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;

/**
 * A statistic by which the embeddings of real and synthetic batches are matched. The statistic is a weighted sum over
 * the samples, so micro-batches can contribute to it in parallel.
 */
sealed interface FeatureStatistic permits MeanFeatures, CharacteristicFunction, InfluenceMessages {

    /** Computes the contribution of samples, one row of features each, whose weights sum to 1 over a whole batch. */
    double[] of(Tensor features, double[] weights, ThreadWorkspace scratch);

    /**
     * Computes the distance between two statistics, and overwrites {@code derivative} with that of the distance with
     * respect to the synthetic one.
     */
    double distance(double[] real, double[] synthetic, double[] derivative);

    /**
     * Turns the derivative with respect to the statistic into the derivative with respect to the features, for samples
     * of equal weight.
     *
     * @param byStatistic derivative with respect to the statistic of the whole batch
     * @param byFeatures overwritten with the derivative with respect to {@code features}, which has the same size
     */
    void derivative(Tensor features, double[] byStatistic, double weight, Tensor byFeatures, ThreadWorkspace scratch);

    /**
     * The distance between the feature statistics of a real and a synthetic batch.
     *
     * @param byStatistic derivative of the distance with respect to the synthetic statistic
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record FeatureComparison(double loss, double[] byStatistic) {

        /** Compares two batches by the contributions of their micro-batches. */
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
}
