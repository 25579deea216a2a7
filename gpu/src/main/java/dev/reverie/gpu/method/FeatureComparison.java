package dev.reverie.gpu.method;

import dev.reverie.gpu.objective.Distance;
import dev.reverie.gpu.tensor.Tensor;
import java.util.List;

/**
 * How far the mean embedding of a synthetic batch is from that of a real one (DM; DANCE, feature matching), the whole
 * vector being one unit of the distance.
 */
final class FeatureComparison {

    private final double loss;
    private final double[] byMean;

    private FeatureComparison(double loss, double[] byMean) {
        this.loss = loss;
        this.byMean = byMean;
    }

    /** The distance. */
    double loss() {
        return loss;
    }

    /** Its derivative by the synthetic mean; not to be changed. */
    double[] byMean() {
        return byMean;
    }

    /** What a micro-batch contributes to the mean of its batch. */
    static final class Share {

        /** Of a micro-batch whose features are not looked at. */
        static final Share NONE = new Share(new double[0]);

        private final double[] values;

        private Share(double[] values) {
            this.values = values;
        }

        /**
         * The share of some samples.
         *
         * @param features one row a sample
         * @param batch samples in the whole batch
         */
        static Share of(Tensor features, int batch) {
            double[] values = new double[features.dimension(1)];
            double[] row = new double[values.length];
            for (int sample = 0; sample < features.dimension(0); sample++) {
                features.read((long) sample * row.length, row);
                for (int i = 0; i < row.length; i++) {
                    values[i] += row[i] / batch;
                }
            }
            return new Share(values);
        }
    }

    /**
     * Compares two means.
     *
     * @param real the shares that make up the mean of the real batch
     * @param synthetic the same of the synthetic batch
     */
    static FeatureComparison of(Distance distance, List<Share> real, List<Share> synthetic) {
        double[] mean = sum(synthetic);
        double[] byMean = new double[mean.length];
        return new FeatureComparison(distance.ofUnit(sum(real), mean, byMean), byMean);
    }

    private static double[] sum(List<Share> shares) {
        double[] sum = new double[shares.getFirst().values.length];
        for (Share share : shares) {
            for (int i = 0; i < sum.length; i++) {
                sum[i] += share.values[i];
            }
        }
        return sum;
    }
}
