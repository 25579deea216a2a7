package dev.reverie.gpu.engine;

import java.util.List;

/**
 * The loss of a student's rollout and its derivative by the learning rate.
 *
 * @param loss squared distance of the student's parameters to the target, divided by that of the start to the target
 *     (MTT, equation 3); not finite if the student diverged or the expert did not move
 * @param byBlock the share of each block's parameters in the loss, from the input on; the classifier counts as part of
 *     the last block
 * @param byRate derivative of the loss by the student's learning rate
 */
public record RolloutOutcome(double loss, List<Double> byBlock, double byRate) {

    public RolloutOutcome {
        byBlock = List.copyOf(byBlock);
    }

    /** Whether the loss and the derivative are finite. */
    public boolean isFinite() {
        return Double.isFinite(loss) && Double.isFinite(byRate);
    }
}
