package dev.reverie.gpu.objective;

/**
 * The distance between two gradients with respect to the weights of a network (D in equation 2 of DREAM). It is a plain
 * sum over layers and over their output units (for a convolution, the rows of its weight as {@code [out, in * k * k]});
 * the image learning rates depend on that.
 */
public enum GradientDistance {
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

    /** Mean of the absolute differences of each unit. */
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
     * One minus the cosine of each unit, 1 - x.y / (|x| |y| + 1e-6). A unit with zero gradient counts as 1; at a zero
     * synthetic gradient the derivative is that of the formula, -x / 1e-6.
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

    /** Added to the product of the norms, not to each of them. */
    private static final double SAFETY = 1e-6;

    /**
     * Computes the share of one output unit in the distance, at least 0 up to rounding.
     *
     * @param real gradient of the real loss by the unit's weights
     * @param synthetic gradient of the synthetic loss by the same weights, of the same length
     * @param derivative overwritten with the derivative of the share by {@code synthetic}, of the same length
     */
    public abstract double ofUnit(double[] real, double[] synthetic, double[] derivative);
}
