package dev.reverie.gpu.engine;

import java.util.List;

/**
 * The loss of a student's rollout, and the derivative of the loss with respect to the learning rate.
 *
 * @param loss squared distance from the student's final parameters to the target, divided by the squared distance from
 *     the start to the target (MTT, equation 3); not finite if the student diverged or the expert did not move
 * @param blockLosses the contribution of each block's parameters to the loss, in order from the input; the classifier
 *     counts as part of the last block
 * @param learningRateGradient derivative of the loss with respect to the student's learning rate
 */
public record StudentRolloutOutcome(double loss, List<Double> blockLosses, double learningRateGradient) {

    public StudentRolloutOutcome {
        blockLosses = List.copyOf(blockLosses);
    }

    /** Whether the loss and the derivative are finite. */
    public boolean isFinite() {
        return Double.isFinite(loss) && Double.isFinite(learningRateGradient);
    }
}
