package dev.reverie.gpu.method;

/** How the weights that a class step sees differ from those of the network that it draws. */
public enum NetworkVariation {
    /** Not at all. */
    NONE,
    /** Mixed with those the network began with, in a proportion drawn for each step (DANCE). */
    BLENDED,
    /** Moved a little in two random directions, drawn for each step (Acc-DD, CVPR 2023). */
    PERTURBED,
    /** Altogether: drawn afresh for each step, where networks are never trained (DM). */
    REDRAWN
}
