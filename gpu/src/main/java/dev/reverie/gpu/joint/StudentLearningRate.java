package dev.reverie.gpu.joint;

/**
 * The student's learning rate, which is itself learned by SGD with momentum. One step changes the rate by at most a
 * factor of 2, so the rate stays positive for any derivative. A step that would change the rate by more than a factor
 * of 2 stops at that factor and resets the momentum.
 *
 * @param value the learning rate, positive and finite
 * @param velocity velocity of the optimiser, in units of the derivative
 */
public record StudentLearningRate(double value, double velocity) {

    private static final double MOST = 2;

    public StudentLearningRate {
        if (!(value > 0 && Double.isFinite(value) && Double.isFinite(velocity))) {
            throw new IllegalArgumentException("the student's learning rate must be positive and finite, got " + value
                    + " with velocity " + velocity);
        }
    }

    public static StudentLearningRate of(double value) {
        return new StudentLearningRate(value, 0);
    }

    /** Performs one step by a finite derivative: v becomes m v + derivative, then the rate becomes rate - step v. */
    public StudentLearningRate step(double derivative, double step, double momentum) {
        double faster = momentum * velocity + derivative;
        double next = value - step * faster;
        if (next > value / MOST && next < value * MOST) {
            return new StudentLearningRate(next, faster);
        }
        return of(next < value ? value / MOST : value * MOST);
    }

    /** Returns half of this rate, without momentum, for use after a student has diverged. */
    public StudentLearningRate halved() {
        return of(value / MOST);
    }
}
