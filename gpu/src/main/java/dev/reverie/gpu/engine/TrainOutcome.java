package dev.reverie.gpu.engine;

/**
 * The mean loss of some training steps of the matching network.
 *
 * @param loss cross-entropy averaged over the steps, in nats
 */
public record TrainOutcome(double loss) {}
