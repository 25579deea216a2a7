package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.LabelledImage;
import java.util.List;

/**
 * Asks for training steps of the matching network, for example between two inner loops.
 *
 * @param batches one batch of real images per SGD step, in order; no batch is empty
 * @param seed seed for all random choices (augmentation and cutmix)
 * @param rateShare learning rate of these steps, as a fraction of the configured one
 */
public record TrainMatchingNetworkTask(
        NetworkId network, List<List<LabelledImage>> batches, long seed, double rateShare) {

    /** Creates a task with the configured learning rate. */
    public TrainMatchingNetworkTask(NetworkId network, List<List<LabelledImage>> batches, long seed) {
        this(network, batches, seed, 1);
    }

    public TrainMatchingNetworkTask {
        batches = batches.stream().map(List::copyOf).toList();
    }
}
