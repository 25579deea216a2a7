package dev.reverie.gpu.engine;

import java.util.List;

/**
 * The parameters and optimiser state of a matching network as plain arrays, for a checkpoint. The constructor copies
 * the arrays.
 *
 * @param parameters one array per parameter tensor, in the network's order
 * @param velocities momentum of each parameter, in arrays of the same lengths as those in {@code parameters}
 */
public record NetworkState(NetworkId network, List<float[]> parameters, List<float[]> velocities) {

    public NetworkState {
        parameters = parameters.stream().map(float[]::clone).toList();
        velocities = velocities.stream().map(float[]::clone).toList();
    }
}
