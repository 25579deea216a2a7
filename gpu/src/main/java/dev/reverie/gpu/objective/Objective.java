package dev.reverie.gpu.objective;

/** What of a real and a synthetic batch of one class is brought together. */
public enum Objective {
    /** The gradients of the network's loss by its convolution weights (IDC, DREAM): second derivatives. */
    GRADIENTS(true, false, false),
    /** The gradients by the convolution weights and those of the classifier (DC, DSA). */
    ALL_GRADIENTS(true, true, false),
    /** The mean embeddings, as one vector each (DM, DANCE): first derivatives only. */
    FEATURES(false, false, true),
    /** Both, with equal weight (DREAM+). */
    FEATURES_AND_GRADIENTS(true, false, true);

    private final boolean gradients;
    private final boolean classifier;
    private final boolean features;

    Objective(boolean gradients, boolean classifier, boolean features) {
        this.gradients = gradients;
        this.classifier = classifier;
        this.features = features;
    }

    /** Whether gradients by the weights are matched. */
    public boolean gradients() {
        return gradients;
    }

    /** Whether the gradient by the classifier's weight is matched too. */
    public boolean classifier() {
        return classifier;
    }

    /** Whether mean embeddings are matched. */
    public boolean features() {
        return features;
    }
}
