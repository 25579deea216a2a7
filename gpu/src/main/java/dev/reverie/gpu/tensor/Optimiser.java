package dev.reverie.gpu.tensor;

import java.util.function.IntPredicate;

/** A rule by which a gradient changes the parameters of a network, with its settings. */
public sealed interface Optimiser {

    /**
     * Stochastic gradient descent with momentum, in PyTorch's form.
     *
     * @param rate learning rate, positive
     * @param momentum momentum, in [0, 1)
     * @param decay weight decay of every parameter, at least 0
     */
    record Sgd(double rate, double momentum, double decay) implements Optimiser {}

    /**
     * Adam with decoupled weight decay (Loshchilov and Hutter, ICLR 2019). The averages of the gradient and of its
     * square decay by 0.9 and 0.999 per step.
     *
     * @param rate learning rate, positive
     * @param decay weight decay of convolution and matrix weights, at least 0; biases and the parameters of
     *     normalisations do not decay
     */
    record AdamW(double rate, double decay) implements Optimiser {}

    /**
     * The state of {@link AdamW} for one tensor of parameters: running averages of the gradient and of its square.
     * Memory is allocated at the first step. Not thread safe.
     */
    public static final class AdamMoments {

        private static final double MEAN_DECAY = 0.9;
        private static final double SQUARE_DECAY = 0.999;
        private static final double EPSILON = 1e-8;

        private double[] means = {};
        private double[] squares = {};
        private int steps;

        /** Performs one step on parameters, which change in place; {@code decays} tells which of them decay. */
        public void step(Tensor parameters, Tensor gradient, AdamW settings, IntPredicate decays) {
            double[] values = parameters.toDoubles();
            double[] slopes = gradient.toDoubles();
            if (steps == 0) {
                means = new double[values.length];
                squares = new double[values.length];
            }
            steps++;
            double meanRate = settings.rate() / (1 - Math.pow(MEAN_DECAY, steps));
            double squareShare = 1 - Math.pow(SQUARE_DECAY, steps);
            double shrinking = 1 - settings.rate() * settings.decay();
            for (int i = 0; i < values.length; i++) {
                means[i] += (1 - MEAN_DECAY) * (slopes[i] - means[i]);
                squares[i] += (1 - SQUARE_DECAY) * (slopes[i] * slopes[i] - squares[i]);
                double decayed = decays.test(i) ? shrinking * values[i] : values[i];
                values[i] = decayed - meanRate * means[i] / (Math.sqrt(squares[i] / squareShare) + EPSILON);
            }
            parameters.write(0, values);
        }

        /** Forgets all gradients. */
        public void reset() {
            steps = 0;
        }
    }
}
