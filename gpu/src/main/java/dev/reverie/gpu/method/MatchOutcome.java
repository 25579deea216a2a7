package dev.reverie.gpu.method;

import dev.reverie.gpu.dataset.ImageBatch;

/**
 * Result of a class step.
 *
 * @param loss matching distance D, at least 0; may be non-finite if the step diverged, see {@link #isFinite()}
 * @param gradient derivative of D by the stored synthetic images, of their shape
 */
public record MatchOutcome(double loss, ImageBatch gradient) {

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
