package dev.reverie.gpu.trajectory;

/**
 * The student's learning rate, which is learned beside the images by momentum SGD. Positive and finite whatever the
 * derivatives are: a step changes it by a factor of two at most, and one that would go further stops there, at rest.
 *
 * @param value positive and finite
 * @param velocity momentum, in units of the derivative
 */
public record StudentLearningRate(double value, double velocity) {

    private static final double MOST = 2;

    public StudentLearningRate {
        if (!(value > 0 && Double.isFinite(value) && Double.isFinite(velocity))) {
            throw new IllegalArgumentException(
                    "a student's learning rate is positive and finite, got " + value + " with velocity " + velocity);
        }
    }

    /** One that has not moved yet. */
    public static StudentLearningRate of(double value) {
        return new StudentLearningRate(value, 0);
    }

    /**
     * One step: v becomes m v + derivative, then the rate becomes rate - step v.
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

    /** Half as fast, and at rest: for a student that diverged. */
    public StudentLearningRate halved() {
        return of(value / MOST);
    }
}
