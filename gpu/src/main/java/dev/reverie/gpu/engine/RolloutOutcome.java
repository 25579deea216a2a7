package dev.reverie.gpu.engine;

import java.util.List;

/**
 * Where a student's walk ended.
 *
 * @param loss squared distance to the target in units of that from the start, over all parameters (MTT, equation 3);
 *     non-finite if the student diverged or the expert never moved
 * @param byBlock the part of each block's parameters in it, from the input on; the classifier's is with the last
 * @param byRate derivative of the loss by the student's learning rate
 */
public record RolloutOutcome(double loss, List<Double> byBlock, double byRate) {

    public RolloutOutcome {
        byBlock = List.copyOf(byBlock);
    }

    /** Whether loss and derivative are finite. */
    public boolean isFinite() {
        return Double.isFinite(loss) && Double.isFinite(byRate);
    }
}
