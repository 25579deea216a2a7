package dev.reverie.gpu.objective;

/** How far two gradients are apart; summed over the matched tensors (protocol of IDC, section 4). */
public enum Distance {
    /** Sum of squared differences. */
    MSE,
    /** Sum of absolute differences. */
    L1,
    /** Sum over output units of one minus the cosine between their weights' gradients. */
    COS
}
