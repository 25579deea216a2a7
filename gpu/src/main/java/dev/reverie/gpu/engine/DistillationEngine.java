package dev.reverie.gpu.engine;

import java.util.List;

/**
 * Computes the steps of a distillation method on one device, with the matching networks of the last outer iterations.
 * Not thread safe: one caller, one task at a time. Deterministic: equal tasks in equal order give equal bits.
 */
public interface DistillationEngine extends AutoCloseable {

    /** Matching distance of a class and the gradient by its synthetic images (DREAM, equations 2 and 3). */
    MatchOutcome match(MatchTask task);

    /** Trains the matching network on real images; changes the network. */
    TrainOutcome train(TrainTask task);

    /**
     * Lets a student walk over the memory. A {@link #match} that follows takes its loss and gradient from the last
     * walk, where the method matches trajectories.
     */
    RolloutOutcome rollOut(RolloutTask task);

    /** Chooses images, in the feature space of the network where the selection needs one. */
    SelectOutcome select(SelectTask task);

    /** What the matching network sees on images. */
    ClassifyOutcome classify(ClassifyTask task);

    /** A network as it is now; one that is not held is drawn first. */
    NetworkState network(NetworkId id);

    /** The networks held now, oldest first; empty before the first task. */
    List<NetworkState> networks();

    /** Puts back networks saved before, in place of those held. */
    void restore(List<NetworkState> states);

    /** Frees the device's memory. */
    @Override
    void close();
}
