package dev.reverie.gpu.matching;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.List;

/**
 * A statistic by which the embeddings of real and synthetic batches are matched. The statistic is a weighted sum over
 * the samples, so micro-batches can contribute to it in parallel.
 */
sealed interface FeatureStatistic permits MeanFeatures, CharacteristicFunction, InfluenceMessages {

    /**
     * Computes the contribution of some samples to the statistic.
     *
     * @param features one row per sample
     * @param weights weights of the samples; over a whole batch, they sum to 1
     */
    double[] of(Tensor features, double[] weights, ThreadWorkspace scratch);

    /**
     * Computes the distance between two statistics.
     *
     * @param derivative overwritten with the derivative of the distance with respect to the synthetic statistic
     */
    double distance(double[] real, double[] synthetic, double[] derivative);

    /**
     * Turns the derivative with respect to the statistic into the derivative with respect to the features, for samples
     * of equal weight.
     *
     * @param byStatistic derivative with respect to the statistic of the whole batch
     * @param weight weight of each sample
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
}
