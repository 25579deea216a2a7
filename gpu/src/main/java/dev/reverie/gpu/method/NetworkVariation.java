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
    REDRAWN
}
