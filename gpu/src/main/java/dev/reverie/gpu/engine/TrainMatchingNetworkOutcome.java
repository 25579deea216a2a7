package dev.reverie.gpu.engine;

/**
 * The mean loss over the training steps of a task.
 *
 * @param loss cross-entropy averaged over the steps, in nats
 */
public record TrainMatchingNetworkOutcome(double loss) {}
