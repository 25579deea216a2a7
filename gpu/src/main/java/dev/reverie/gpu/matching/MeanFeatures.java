package dev.reverie.gpu.matching;

import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.Kernels;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;

/**
 * The mean embedding, which DM and the feature matching of DANCE compare. The distance treats the whole vector as one
 * unit.
 */
abstract sealed class MeanFeatures implements FeatureStatistic {

    private final GradientDistance distance;

    private MeanFeatures(GradientDistance distance) {
        this.distance = distance;
    }

    /** Returns the statistic for embeddings that these kernels compute. */
    static MeanFeatures of(GradientDistance distance, Kernels kernels) {
        return kernels.device().isPresent() ? new OnDevice(distance) : new OnHost(distance);
    }

    @Override
    public double distance(double[] real, double[] synthetic, double[] derivative) {
        return distance.ofUnit(real, synthetic, derivative);
    }

    @Override
    public void derivative(
            Tensor features, double[] byStatistic, double weight, Tensor byFeatures, ThreadWorkspace scratch) {
        double[] row = Arrays.stream(byStatistic).map(value -> weight * value).toArray();
        repeat(row, byFeatures, scratch);
    }

    /** Overwrites every row of a tensor. */
    abstract void repeat(double[] row, Tensor rows, ThreadWorkspace scratch);

    /** Sums in double precision, which costs little where the host can read the embeddings. */
    private static final class OnHost extends MeanFeatures {

        OnHost(GradientDistance distance) {
            super(distance);
        }

        @Override
        public double[] of(Tensor features, double[] weights, ThreadWorkspace scratch) {
            double[] mean = new double[features.dimension(1)];
            double[][] rows = features.toRows();
            for (int sample = 0; sample < weights.length; sample++) {
                for (int i = 0; i < mean.length; i++) {
                    mean[i] += weights[sample] * rows[sample][i];
                }
            }
            return mean;
        }

        @Override
        void repeat(double[] row, Tensor rows, ThreadWorkspace scratch) {
            double[][] copies = new double[rows.dimension(0)][];
            Arrays.fill(copies, row);
            rows.setRows(copies);
        }
    }

    /** Writes the sums as matrix products, so that only single rows are copied between host and device. */
    private static final class OnDevice extends MeanFeatures {

        OnDevice(GradientDistance distance) {
            super(distance);
        }

        @Override
        public double[] of(Tensor features, double[] weights, ThreadWorkspace scratch) {
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                Tensor row = scratch.take(1, weights.length);
                row.write(0, weights);
                Tensor mean = scratch.take(1, features.dimension(1));
                scratch.kernels().multiply(row, false, features, false, false, mean);
                return mean.toDoubles();
            }
        }

        @Override
        void repeat(double[] row, Tensor rows, ThreadWorkspace scratch) {
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                Tensor ones = scratch.take(rows.dimension(0), 1);
                ones.fill(1);
                Tensor same = scratch.take(1, row.length);
                same.write(0, row);
                scratch.kernels().multiply(ones, false, same, false, false, rows);
            }
        }
    }
}
