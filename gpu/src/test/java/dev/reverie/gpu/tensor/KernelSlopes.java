package dev.reverie.gpu.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleFunction;

/** Slopes of what kernels compute, by central differences in double precision. */
final class KernelSlopes {

    /** Small enough that no ReLU switches. */
    private static final double STEP = 1e-6;

    /** Far above the rounding error of a difference at that step (1e-10), and far below the effect of a wrong term. */
    private static final double TOLERANCE = 1e-6;

    private KernelSlopes() {}

    /** Returns the slope at 0 of each component. */
    static double[] slope(DoubleFunction<double[]> curve) {
        double[] ahead = curve.apply(STEP).clone();
        double[] behind = curve.apply(-STEP).clone();
        for (int i = 0; i < ahead.length; i++) {
            ahead[i] = (ahead[i] - behind[i]) / (2 * STEP);
        }
        return ahead;
    }

    /** Returns values after a step along a direction. */
    static double[] moved(double[] origin, Tensor direction, double step) {
        double[] moved = direction.toDoubles();
        for (int i = 0; i < moved.length; i++) {
            moved[i] = origin[i] + step * moved[i];
        }
        return moved;
    }

    /** Compares relative to the largest component, because rounding in a difference is absolute. */
    static void assertClose(double[] actual, double[] expected) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        double worst = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            worst = Math.max(worst, Math.abs(actual[i] - expected[i]));
        }
        assertThat(largest).isPositive();
        assertThat(worst / largest).isLessThan(TOLERANCE);
    }
}
