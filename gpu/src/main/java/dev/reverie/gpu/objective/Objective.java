package dev.reverie.gpu.objective;

/** What of a real and a synthetic batch of one class is brought together. */
public enum Objective {
    /** The gradients of the network's loss by its convolution weights (IDC, DREAM): second derivatives. */
    GRADIENTS(true, false),
    /** The mean embeddings, as one vector each (DM, DANCE): first derivatives only. */
    FEATURES(false, true),
    /** Both, with equal weight (DREAM+). */
    FEATURES_AND_GRADIENTS(true, true);

    private final boolean gradients;
    private final boolean features;

    Objective(boolean gradients, boolean features) {
        this.gradients = gradients;
        this.features = features;
    }

    /** Whether gradients by the weights are matched. */
    public boolean gradients() {
        return gradients;
    }

    /** Whether mean embeddings are matched. */
    public boolean features() {
        return features;
    }
}
