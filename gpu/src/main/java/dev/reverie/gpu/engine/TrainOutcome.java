package dev.reverie.gpu.engine;

/**
 * Result of network training.
 *
 * @param loss cross-entropy averaged over the steps, in nats
 */
public record TrainOutcome(double loss) {}
