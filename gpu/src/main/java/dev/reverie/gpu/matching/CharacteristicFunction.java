package dev.reverie.gpu.matching;

import dev.reverie.gpu.tensor.Kernels.Factor;
import dev.reverie.gpu.tensor.Tensor;
import dev.reverie.gpu.tensor.ThreadWorkspace;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The empirical characteristic function of embeddings scaled to length 1, at random frequencies t: the means of cos t.x
 * and of sin t.x (NCFM, CVPR 2025, equation 5). Amplitude and phase have equal weights, so the distance between two
 * functions is proportional to the mean modulus of their difference. The function can distinguish distributions that
 * have the same mean. The frequencies are drawn from a standard normal distribution; this implementation omits the
 * network that NCFM trains to draw them.
 *
 * @param frequencies one frequency per row, {@code [F, features]}
 */
record CharacteristicFunction(Tensor frequencies) implements FeatureStatistic {

    /** Number of frequencies; the published gain saturates beyond this number. */
    static final int FREQUENCIES = 1024;

    /** Factor of the distance, as in the released code; the image learning rates depend on this factor. */
    private static final double SCALE = 300;

    /** Added under the root, because the modulus has no derivative at 0. */
    private static final double SAFETY = 1e-12;

    static CharacteristicFunction draw(int count, int features, RandomGenerator random, ThreadWorkspace scratch) {
        Tensor frequencies = scratch.take(count, features);
        double[] values = new double[count * features];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        frequencies.write(0, values);
        return new CharacteristicFunction(frequencies);
    }

    private int count() {
        return frequencies.dimension(0);
    }

    /** Computes the contributions to the means of the cosines, followed by those to the means of the sines. */
    @Override
    public double[] of(Tensor features, double[] weights, ThreadWorkspace scratch) {
        double[] sums = new double[2 * count()];
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            double[][] phases = phases(features.toRows(), scratch).toRows();
            for (int sample = 0; sample < weights.length; sample++) {
                double[] row = phases[sample];
                for (int i = 0; i < row.length; i++) {
                    sums[i] += weights[sample] * Math.cos(row[i]);
                    sums[count() + i] += weights[sample] * Math.sin(row[i]);
                }
            }
        }
        return sums;
    }

    /** Returns t.x for the direction x of each row and each frequency t, {@code [rows, F]}. */
    private Tensor phases(double[][] rows, ThreadWorkspace scratch) {
        Tensor directions = scratch.take(rows.length, frequencies.dimension(1));
        directions.setRows(
                Arrays.stream(rows).map(CharacteristicFunction::direction).toArray(double[][]::new));
        Tensor phases = scratch.take(rows.length, count());
        scratch.kernels().multiply(Factor.of(directions), Factor.transposed(frequencies), false, phases);
        return phases;
    }

    @Override
    public double distance(double[] real, double[] synthetic, double[] derivative) {
        double sum = 0;
        for (int i = 0, j = count(); i < count(); i++, j++) {
            double cosine = synthetic[i] - real[i];
            double sine = synthetic[j] - real[j];
            double modulus = Math.sqrt((cosine * cosine + sine * sine) / 2 + SAFETY);
            sum += modulus;
            derivative[i] = SCALE / count() * cosine / (2 * modulus);
            derivative[j] = SCALE / count() * sine / (2 * modulus);
        }
        return SCALE / count() * sum;
    }

    @Override
    public void derivative(
            Tensor features, double[] byStatistic, double weight, Tensor byFeatures, ThreadWorkspace scratch) {
        try (ThreadWorkspace.Scope temporary = scratch.scope()) {
            double[][] rows = features.toRows();
            Tensor phases = phases(rows, scratch);
            double[][] byPhases = phases.toRows();
            for (double[] row : byPhases) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = weight * (byStatistic[count() + i] * Math.cos(row[i]) - byStatistic[i] * Math.sin(row[i]));
                }
            }
            phases.setRows(byPhases);
            scratch.kernels().multiply(Factor.of(phases), Factor.of(frequencies), false, byFeatures);
            throughLength(rows, byFeatures);
        }
    }

    /** Scales a row to length 1; a row of zeros stays unchanged. */
    private static double[] direction(double[] row) {
        double length = length(row);
        return Arrays.stream(row).map(value -> value / length).toArray();
    }

    private static double length(double[] row) {
        double squares = 0;
        for (double value : row) {
            squares += value * value;
        }
        return squares > 0 ? Math.sqrt(squares) : 1;
    }

    /**
     * Turns the derivatives with respect to the directions of the rows into derivatives with respect to the rows, in
     * place: the component along each row vanishes.
     */
    private static void throughLength(double[][] rows, Tensor derivative) {
        double[][] byRows = derivative.toRows();
        for (int sample = 0; sample < rows.length; sample++) {
            double[] row = rows[sample];
            double[] by = byRows[sample];
            double length = length(row);
            double along = 0;
            for (int i = 0; i < row.length; i++) {
                along += row[i] * by[i] / length;
            }
            for (int i = 0; i < row.length; i++) {
                by[i] = (by[i] - along * row[i] / length) / length;
            }
        }
        derivative.setRows(byRows);
    }
}
