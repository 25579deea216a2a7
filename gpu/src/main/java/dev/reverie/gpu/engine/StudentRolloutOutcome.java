package dev.reverie.gpu.engine;

import java.util.List;

/**
 * The loss of a student's rollout, and the derivative of the loss with respect to the learning rate.
 *
 * @param loss squared distance from the student's final parameters to the target, divided by the squared distance from
 *     the start to the target (MTT, equation 3); not finite if the student diverged or the expert did not move
 * @param byBlock the contribution of each block's parameters to the loss, in order from the input; the classifier
 *     counts as part of the last block
 * @param byRate derivative of the loss with respect to the student's learning rate
 */
public record StudentRolloutOutcome(double loss, List<Double> byBlock, double byRate) {

    public StudentRolloutOutcome {
        byBlock = List.copyOf(byBlock);
    }

    /** Whether the loss and the derivative are finite. */
    public boolean isFinite() {
        return Double.isFinite(loss) && Double.isFinite(byRate);
    }
}
