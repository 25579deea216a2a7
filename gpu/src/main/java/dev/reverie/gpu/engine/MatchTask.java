package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.util.List;

/**
 * Asks for one class step: the matching loss of one class and the gradient of the loss.
 *
 * @param network the newest matching network
 * @param output index of the network output for this class, less than {@code network.classes()}
 * @param real the real batch of this class; empty if the method uses none
 * @param synthetic the stored synthetic images of this class, not yet decoded
 * @param seed seed for all random choices in this step (augmentation and the subsample of decoded images)
 */
public record MatchTask(NetworkId network, int output, List<Image> real, ImageBatch synthetic, long seed) {

    public MatchTask {
        real = List.copyOf(real);
    }

    /** Returns this task with the first real images only, if there are more than {@code most}. */
    public MatchTask withRealAtMost(int most) {
        return real.size() <= most ? this : new MatchTask(network, output, real.subList(0, most), synthetic, seed);
    }

    /**
     * The matching loss of a class step and its gradient.
     *
     * @param loss matching distance D, at least 0; not finite if the step diverged (see {@link #isFinite()})
     * @param blockLosses the contribution of each convolution block to the loss, in order from the input; the
     *     contributions add up to the loss, apart from rounding
     * @param gradient derivative of D with respect to the stored synthetic images, in the same shape, plus that of the
     *     calibration, which the loss does not contain
     */
    public record MatchOutcome(double loss, List<Double> blockLosses, ImageBatch gradient) {

        public MatchOutcome {
            blockLosses = List.copyOf(blockLosses);
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
}
