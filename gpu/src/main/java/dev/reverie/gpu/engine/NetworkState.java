package dev.reverie.gpu.engine;

import java.util.List;

/**
 * A matching network and its optimiser as plain numbers, for a checkpoint. Immutable: copied in and out.
 *
 * @param parameters one array a parameter tensor, in the network's order
 * @param velocities momentum of each, same shapes
 */
public record NetworkState(NetworkId network, List<float[]> parameters, List<float[]> velocities) {

    public NetworkState {
        parameters = parameters.stream().map(float[]::clone).toList();
        velocities = velocities.stream().map(float[]::clone).toList();
    }
}
