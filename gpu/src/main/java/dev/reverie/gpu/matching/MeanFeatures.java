package dev.reverie.gpu.matching;

import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;

/**
 * The mean embedding, which DM and the feature matching of DANCE compare. The distance treats the whole vector as one
 * unit. Where the host can read the embeddings, sums in double precision cost little; on a device, the sums are matrix
 * products, so that only single rows are copied between host and device.
 */
record MeanFeatures(GradientDistance distance) implements FeatureStatistic {

    @Override
    public double[] of(Tensor features, double[] weights, ThreadWorkspace scratch) {
        return isOnDevice(scratch) ? product(features, weights, scratch) : sum(features, weights);
    }

    private static boolean isOnDevice(ThreadWorkspace scratch) {
        return scratch.kernels().device().isPresent();
    }

    private static double[] sum(Tensor features, double[] weights) {
        double[] mean = new double[features.dimension(1)];
        double[][] rows = features.toRows();
        for (int sample = 0; sample < weights.length; sample++) {
            for (int i = 0; i < mean.length; i++) {
                mean[i] += weights[sample] * rows[sample][i];
            }
        }
        return mean;
    }

    private static double[] product(Tensor features, double[] weights, ThreadWorkspace scratch) {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor row = scratch.take(1, weights.length);
            row.write(0, weights);
            Tensor mean = scratch.take(1, features.dimension(1));
            scratch.kernels().multiply(Factor.of(row), Factor.of(features), false, mean);
            return mean.toDoubles();
        }
    }

    @Override
    public double distance(double[] real, double[] synthetic, double[] derivative) {
        return distance.ofUnit(real, synthetic, derivative);
    }

    @Override
    public void derivative(
            Tensor features, double[] byStatistic, double weight, Tensor byFeatures, ThreadWorkspace scratch) {
        double[] row = Arrays.stream(byStatistic).map(value -> weight * value).toArray();
        if (isOnDevice(scratch)) {
            repeat(row, byFeatures, scratch);
        } else {
            double[][] copies = new double[byFeatures.dimension(0)][];
            Arrays.fill(copies, row);
            byFeatures.setRows(copies);
        }
    }

    /** Overwrites every row of a tensor on a device. */
    private static void repeat(double[] row, Tensor rows, ThreadWorkspace scratch) {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor ones = scratch.take(rows.dimension(0), 1);
            ones.fill(1);
            Tensor same = scratch.take(1, row.length);
            same.write(0, row);
            scratch.kernels().multiply(Factor.of(ones), Factor.of(same), false, rows);
        }
    }
}
