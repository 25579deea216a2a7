package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.Image;
import dev.reverie.gpu.dataset.ImageBatch;
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
}
