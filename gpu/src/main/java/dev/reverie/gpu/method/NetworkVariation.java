package dev.reverie.gpu.method;

/** The ways in which a class step varies the weights of the network that it draws from the pool. */
public enum NetworkVariation {
    /** The weights stay unchanged. */
    NONE,
    /** The weights are mixed with the initial weights of the network, in a proportion drawn for each step (DANCE). */
    BLENDED,
    /** The weights are perturbed in two random directions, which are drawn for each step (Acc-DD, CVPR 2023). */
    PERTURBED,
    /** The weights are drawn again for each step, for methods that never train their networks (DM). */
    REDRAWN,
    /**
     * The weights stay unchanged, but the pool is a queue of networks at all stages of their training: after each inner
     * loop, a network drawn from the pool is trained instead of the newest one. The weight of the calibration is
     * multiplied by the training accuracy of the network of the step (IDM, CVPR 2023).
     */
    QUEUED
}
