package dev.reverie.gpu.method;

import java.util.Optional;

/**
 * Computes the steps of a distillation method on one device, with one matching network at a time. Not thread safe: one
 * caller, one task at a time. Deterministic: equal tasks in equal order give equal bits.
 */
public interface Engine extends AutoCloseable {

    /** Matching distance of a class and its gradient by the synthetic images (DREAM, equation 2). */
    MatchOutcome match(MatchTask task);

    /** Trains the matching network on real images; changes the network. */
    TrainOutcome train(TrainTask task);

    /** Chooses images, in the feature space of the network where the selection needs one. */
    SelectOutcome select(SelectTask task);

    /** The network held now, if any. */
    Optional<NetworkState> network();

    /** Puts back a network saved before. */
    void restore(NetworkState state);

    /** Frees the device's memory. */
    @Override
    void close();
}
