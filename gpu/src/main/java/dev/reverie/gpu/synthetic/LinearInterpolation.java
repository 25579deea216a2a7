package dev.reverie.gpu.synthetic;

/**
 * Linear interpolation from fewer pixels to more along one side of an image. Output j of n lies at the input position
 * (j + 1/2) * inputs / n - 1/2, clamped to the range of the inputs.
 */
final class LinearInterpolation {

    private final int inputs;
    private final int[] lower;
    private final double[] weight;

    private LinearInterpolation(int inputs, int[] lower, double[] weight) {
        this.inputs = inputs;
        this.lower = lower;
        this.weight = weight;
    }

    static LinearInterpolation of(int inputs, int outputs) {
        int[] lower = new int[outputs];
        double[] weight = new double[outputs];
        for (int j = 0; j < outputs; j++) {
            double place = Math.clamp((j + 0.5) * inputs / outputs - 0.5, 0.0, inputs - 1.0);
            lower[j] = (int) place;
            weight[j] = place - lower[j];
        }
        return new LinearInterpolation(inputs, lower, weight);
    }

    int inputs() {
        return inputs;
    }

    int outputs() {
        return lower.length;
    }

    /** Index of the input at or before the position of an output. */
    int lower(int output) {
        return lower[output];
    }

    /** Index of the input after {@link #lower}; at the end, the same index as {@link #lower}. */
    int upper(int output) {
        return Math.min(lower[output] + 1, inputs - 1);
    }

    /** Weight of the input at {@link #upper}, in [0, 1). */
    double weight(int output) {
        return weight[output];
    }
}
