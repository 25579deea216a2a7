package dev.reverie.gpu.matching;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;

/**
 * What of the embeddings of a real and a synthetic batch is brought together: a weighted sum over the samples, so that
 * micro-batches contribute to it side by side.
 */
sealed interface FeatureStatistic permits MeanFeatures, CharacteristicFunction {

    /**
     * What some samples contribute.
     *
     * @param features one row a sample
     * @param weights of the samples; over a whole batch they sum to 1
     */
    double[] of(Tensor features, double[] weights, ThreadWorkspace scratch);

    /**
     * How far two statistics are apart.
     *
     * @param derivative overwritten with that by the synthetic one
     */
    double distance(double[] real, double[] synthetic, double[] derivative);

    /**
     * The way back, for samples of equal weight.
     *
     * @param byStatistic derivative by the statistic of the whole batch
     * @param weight of each sample
     * @param byFeatures overwritten with the derivative by {@code features}, of the same size
     */
    void derivative(Tensor features, double[] byStatistic, double weight, Tensor byFeatures, ThreadWorkspace scratch);
}
