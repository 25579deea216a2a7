package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;
import java.util.List;

/**
 * The matching loss of a class step and its gradient.
 *
 * @param loss matching distance D, at least 0; not finite if the step diverged, see {@link #isFinite()}
 * @param byBlock the share of each convolution block in the loss, from the input on; the shares add up to the loss,
 *     apart from rounding
 * @param gradient derivative of D by the stored synthetic images, of the same shape
 */
public record MatchOutcome(double loss, List<Double> byBlock, ImageBatch gradient) {

    public MatchOutcome {
        byBlock = List.copyOf(byBlock);
    }

    /** Whether the loss and every component of the gradient are finite. */
    public boolean isFinite() {
        if (!Double.isFinite(loss)) {
            return false;
        }
        for (float component : gradient.toArray()) {
            if (!Float.isFinite(component)) {
                return false;
            }
        }
        return true;
    }
}
