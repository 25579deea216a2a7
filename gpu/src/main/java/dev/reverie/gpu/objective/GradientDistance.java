package dev.reverie.gpu.objective;

import dev.reverie.gpu.Labelled;

/**
 * The distance between two gradients with respect to the weights of a network (D in equation 2 of DREAM). The distance
 * is the sum, not the mean, over the layers and their output units (for a convolution, the rows of its weight as
 * {@code [out, in * k * k]}); the image learning rates are chosen for the sum.
 */
public enum GradientDistance implements Labelled {
    /** Sum of squared differences. */
    MSE {
        @Override
        public double ofUnit(double[] real, double[] synthetic, double[] derivative) {
            double sum = 0;
            for (int i = 0; i < synthetic.length; i++) {
                double difference = synthetic[i] - real[i];
                derivative[i] = 2 * difference;
                sum += difference * difference;
            }
            return sum;
        }
    },

    /** Sum of absolute differences, with derivative 0 where two components are equal. */
    L1 {
        @Override
        public double ofUnit(double[] real, double[] synthetic, double[] derivative) {
            double sum = 0;
            for (int i = 0; i < synthetic.length; i++) {
                double difference = synthetic[i] - real[i];
                derivative[i] = Math.signum(difference);
                sum += Math.abs(difference);
            }
            return sum;
        }
    },

    /** Mean of the absolute differences within each unit. */
    L1_MEAN {
        @Override
        public double ofUnit(double[] real, double[] synthetic, double[] derivative) {
            double sum = L1.ofUnit(real, synthetic, derivative);
            for (int i = 0; i < derivative.length; i++) {
                derivative[i] /= derivative.length;
            }
            return sum / derivative.length;
        }
    },

    /**
     * One minus the cosine similarity of each unit, 1 - x.y / (|x| |y| + 1e-6), for the real gradient x and the
     * synthetic gradient y. If either gradient is zero, the distance is 1; if y is zero, the derivative is -x / 1e-6,
     * as the formula gives.
     */
    COS {
        @Override
        public double ofUnit(double[] real, double[] synthetic, double[] derivative) {
            double product = 0;
            double realSquared = 0;
            double syntheticSquared = 0;
            for (int i = 0; i < synthetic.length; i++) {
                product += real[i] * synthetic[i];
                realSquared += real[i] * real[i];
                syntheticSquared += synthetic[i] * synthetic[i];
            }
            double realNorm = Math.sqrt(realSquared);
            double syntheticNorm = Math.sqrt(syntheticSquared);
            double denominator = realNorm * syntheticNorm + SAFETY;
            double cosine = product / denominator;
            double shrink = syntheticNorm > 0 ? cosine * realNorm / syntheticNorm : 0;
            for (int i = 0; i < synthetic.length; i++) {
                derivative[i] = (shrink * synthetic[i] - real[i]) / denominator;
            }
            return 1 - cosine;
        }
    };

    /** Added by {@link #COS} to the product of the norms, not to each of them. */
    public static final double SAFETY = 1e-6;

    /**
     * Computes the contribution of one output unit to the distance, at least 0 up to rounding, from the gradients of
     * both losses with respect to its weights, and overwrites {@code derivative} with that of the contribution with
     * respect to {@code synthetic}.
     */
    public abstract double ofUnit(double[] real, double[] synthetic, double[] derivative);
}
