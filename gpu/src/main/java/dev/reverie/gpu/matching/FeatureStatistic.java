package dev.reverie.gpu.matching;

import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;

/**
 * A statistic of the embeddings of a batch that is matched between real and synthetic images. It is a weighted sum over
 * the samples, so micro-batches can contribute to it in parallel.
 */
sealed interface FeatureStatistic permits MeanFeatures, CharacteristicFunction {

    /**
     * Computes the contribution of some samples.
     *
     * @param features one row per sample
     * @param weights of the samples; over a whole batch they sum to 1
     */
    double[] of(Tensor features, double[] weights, ThreadWorkspace scratch);

    /**
     * Computes the distance between two statistics.
     *
     * @param derivative overwritten with the derivative of the distance by the synthetic statistic
     */
    double distance(double[] real, double[] synthetic, double[] derivative);

    /**
     * Turns the derivative by the statistic into the derivative by the features, for samples of equal weight.
     *
     * @param byStatistic derivative by the statistic of the whole batch
     * @param weight of each sample
     * @param byFeatures overwritten with the derivative by {@code features}, of the same size
     */
    void derivative(Tensor features, double[] byStatistic, double weight, Tensor byFeatures, ThreadWorkspace scratch);
}
