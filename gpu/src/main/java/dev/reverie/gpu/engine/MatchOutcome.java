package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.ImageBatch;
import java.util.List;

/**
 * Result of a class step.
 *
 * @param loss matching distance D, at least 0; may be non-finite if the step diverged, see {@link #isFinite()}
 * @param byBlock the part of each convolution block in it, from the input on; they add up to it but for rounding
 * @param gradient derivative of D by the stored synthetic images, of their shape
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
