package dev.reverie.gpu.engine;

/**
 * Identifies one matching network. Every task of a {@link DistillationEngine} contains a {@code NetworkId}. If the
 * network is new, or the engine was restarted after a failure, the engine draws the network's weights from the run's
 * seed, so no task depends on the success of an earlier one. A larger value of {@code classes} with the same
 * {@code outer} adds outputs to the classifier and keeps all other parameters.
 *
 * @param outer index of the outer iteration, from 0; each outer iteration has a new network
 * @param classes number of outputs, at least 1
 */
public record NetworkId(int outer, int classes) {}
