package dev.reverie.gpu.trajectory;

/**
 * The learning rate of the student, which is itself learned by momentum SGD. It stays positive and finite for any
 * derivative: one step changes it by at most a factor of 2, and a step that would go further stops at that bound with
 * its momentum reset.
 *
 * @param value positive and finite
 * @param velocity momentum, in units of the derivative
 */
public record StudentLearningRate(double value, double velocity) {

    private static final double MOST = 2;

    public StudentLearningRate {
        if (!(value > 0 && Double.isFinite(value) && Double.isFinite(velocity))) {
            throw new IllegalArgumentException("the student's learning rate must be positive and finite, got " + value
                    + " with velocity " + velocity);
        }
    }

    /** Returns a learning rate without momentum. */
    public static StudentLearningRate of(double value) {
        return new StudentLearningRate(value, 0);
    }

    /**
     * Performs one step: v becomes m v + derivative, then the rate becomes rate - step v.
     *
     * @param derivative of the loss by the rate, finite
     * @param step learning rate of the learning rate, at least 0
     * @param momentum in [0, 1)
     */
    public StudentLearningRate step(double derivative, double step, double momentum) {
        double faster = momentum * velocity + derivative;
        double next = value - step * faster;
        if (next > value / MOST && next < value * MOST) {
            return new StudentLearningRate(next, faster);
        }
        return of(next < value ? value / MOST : value * MOST);
    }

    /** Returns half this rate without momentum, for a student that diverged. */
    public StudentLearningRate halved() {
        return of(value / MOST);
    }
}
