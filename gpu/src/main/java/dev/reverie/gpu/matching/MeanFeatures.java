package dev.reverie.gpu.matching;

import dev.reverie.gpu.objective.GradientDistance;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;

/**
 * The mean embedding, which DM and the feature matching of DANCE compare. The distance treats the whole vector as one
 * unit.
 */
record MeanFeatures(GradientDistance distance) implements FeatureStatistic {

    @Override
    public double[] of(Tensor features, double[] weights, ThreadWorkspace scratch) {
        return scratch.kernels().device().isPresent()
                ? onDevice(features, weights, scratch)
                : onHost(features, weights);
    }

    private static double[] onDevice(Tensor features, double[] weights, ThreadWorkspace scratch) {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            Tensor row = scratch.take(1, weights.length);
            row.write(0, weights);
            Tensor mean = scratch.take(1, features.dimension(1));
            scratch.kernels().multiply(row, false, features, false, false, mean);
            return mean.toDoubles();
        }
    }

    private static double[] onHost(Tensor features, double[] weights) {
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
    public double distance(double[] real, double[] synthetic, double[] derivative) {
        return distance.ofUnit(real, synthetic, derivative);
    }

    @Override
    public void derivative(
            Tensor features, double[] byStatistic, double weight, Tensor byFeatures, ThreadWorkspace scratch) {
        double[] row = new double[byStatistic.length];
        for (int i = 0; i < row.length; i++) {
            row[i] = weight * byStatistic[i];
        }
        if (scratch.kernels().device().isPresent()) {
            try (ThreadWorkspace.Scope temporary = scratch.scope()) {
                Tensor samples = scratch.take(features.dimension(0), 1);
                samples.fill(1);
                Tensor same = scratch.take(1, row.length);
                same.write(0, row);
                scratch.kernels().multiply(samples, false, same, false, false, byFeatures);
            }
            return;
        }
        double[][] rows = new double[features.dimension(0)][];
        Arrays.fill(rows, row);
        byFeatures.setRows(rows);
    }
}
