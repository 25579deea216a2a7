package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.LabelledImage;
import java.util.List;

/**
 * Asks for some training steps of the matching network, as between two inner loops.
 *
 * @param batches one SGD step each, in order; none empty
 * @param seed of every random choice (augmentation, cutmix)
 */
public record TrainTask(NetworkId network, List<List<LabelledImage>> batches, long seed) {

    public TrainTask {
        batches = batches.stream().map(List::copyOf).toList();
    }
}
