package dev.reverie.gpu.method;

/** How the weights used by a class step differ from those of the network that it draws from the pool. */
public enum NetworkVariation {
    /** The weights of the network itself. */
    NONE,
    /** Mixed with the initial weights of the network, in a proportion drawn for each step (DANCE). */
    BLENDED,
    /** Perturbed in two random directions, drawn for each step (Acc-DD, CVPR 2023). */
    PERTURBED,
    /** Drawn again for each step, for methods that never train their networks (DM). */
    REDRAWN
}
