package dev.reverie.gpu.engine;

/**
 * A trained copy of a matching network.
 *
 * @param loss cross-entropy averaged over the steps, in nats
 */
public record TrainedNetwork(double loss, NetworkState state) {}
