package dev.reverie.gpu.engine;

import dev.reverie.gpu.dataset.LabelledImage;
import dev.reverie.gpu.engine.NetworkState.NetworkId;
import java.util.List;

/**
 * Asks for training steps of the matching network, for example between two inner loops.
 *
 * @param network the newest matching network
 * @param batches one batch of real images per SGD step, in order; no batch is empty
 * @param seed seed for all random choices (the network, augmentation and cutmix)
 * @param rateShare learning rate of these steps, as a fraction of the configured one
 * @param drawn whether to train a network that is drawn from the pool, instead of the newest one
 */
public record TrainMatchingNetworkTask(
        NetworkId network, List<List<LabelledImage>> batches, long seed, double rateShare, boolean drawn) {

    /** Creates a task for the newest network. */
    public TrainMatchingNetworkTask(NetworkId network, List<List<LabelledImage>> batches, long seed, double rateShare) {
        this(network, batches, seed, rateShare, false);
    }

    /** Creates a task for the newest network, with the configured learning rate. */
    public TrainMatchingNetworkTask(NetworkId network, List<List<LabelledImage>> batches, long seed) {
        this(network, batches, seed, 1);
    }

    public TrainMatchingNetworkTask {
        batches = batches.stream().map(List::copyOf).toList();
    }

    /** The cross-entropy of a training, in nats, averaged over the steps. */
    public record TrainMatchingNetworkOutcome(double loss) {}

    /**
     * A trained copy of a matching network, with the cross-entropy of its training, in nats, averaged over the steps.
     */
    public record TrainedNetwork(double loss, NetworkState state) {}
}
