package dev.reverie.gpu.engine;

import java.util.List;

/**
 * The parameters and optimiser state of a matching network as plain arrays, for a checkpoint. The constructor copies
 * the arrays.
 *
 * @param parameters one array per parameter tensor, in the network's order
 * @param velocities momentum of each parameter, in arrays of the same lengths as those in {@code parameters}
 * @param accuracy share of the images of the latest training that the network classified correctly, each before the
 *     step on it, in [0, 1]; 0 before the first training
 */
public record NetworkState(NetworkId network, List<float[]> parameters, List<float[]> velocities, double accuracy) {

    /** Creates the state of a network that has not been trained. */
    public NetworkState(NetworkId network, List<float[]> parameters, List<float[]> velocities) {
        this(network, parameters, velocities, 0);
    }

    public NetworkState {
        parameters = parameters.stream().map(float[]::clone).toList();
        velocities = velocities.stream().map(float[]::clone).toList();
    }

    /**
     * Identifies one matching network. Every task of a {@link DistillationEngine} contains a {@code NetworkId}. If the
     * network is new, or the engine was restarted after a failure, the engine draws the network's weights from the
     * run's seed, so no task depends on the success of an earlier one. A larger value of {@code classes} with the same
     * {@code outer} adds outputs to the classifier and keeps all other parameters.
     *
     * @param outer index of the outer iteration, from 0; each outer iteration has a new network
     * @param classes number of outputs, at least 1
     */
    public record NetworkId(int outer, int classes) {}
}
