package dev.reverie.gpu.engine;

import java.util.List;

/**
 * Computes the steps of a distillation method on one device, with the matching networks of the last outer iterations.
 * Not thread safe: one caller, one task at a time. Deterministic: equal tasks in equal order give equal bits.
 */
public interface DistillationEngine extends AutoCloseable {

    /**
     * Computes the matching loss of a class and its gradient by the synthetic images of the class (DREAM, equations 2
     * and 3).
     */
    MatchOutcome match(MatchTask task);

    /** Trains the matching network on real images. */
    TrainOutcome train(TrainTask task);

    /**
     * Trains a student on the memory for the N steps of a rollout. For methods that match trajectories, the following
     * calls of {@link #match} return the loss and gradient of the last rollout.
     */
    RolloutOutcome rollOut(RolloutTask task);

    /** Chooses real images, in the feature space of the network if the selection rule uses features. */
    SelectOutcome select(SelectTask task);

    /** Computes the logits of the matching network for images. */
    ClassifyOutcome classify(ClassifyTask task);

    /** The current state of a network; a network that the engine does not have is drawn first. */
    NetworkState network(NetworkId id);

    /** The current states of all networks in the pool, oldest first; empty before the first task. */
    List<NetworkState> networks();

    /** Replaces the networks in the pool by saved ones. */
    void restore(List<NetworkState> states);

    /** Frees the device's memory. */
    @Override
    void close();
}
