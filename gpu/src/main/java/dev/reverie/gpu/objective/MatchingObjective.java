package dev.reverie.gpu.objective;

/** The quantity that is matched between a real and a synthetic batch of one class. */
public enum MatchingObjective {
    /** The gradients of the network's loss by its convolution weights (IDC, DREAM): second derivatives. */
    GRADIENTS("gradients", true, false, false),
    /** The gradients by the convolution weights and those of the classifier (DC, DSA). */
    ALL_GRADIENTS("all-gradients", true, true, false),
    /** The mean embeddings, as one vector each (DM, DANCE): first derivatives only. */
    FEATURES("features", false, false, true),
    /** Both, with equal weight (DREAM+). */
    FEATURES_AND_GRADIENTS("features-and-gradients", true, false, true),
    /** The characteristic functions of the embeddings (NCFM): first derivatives only. */
    CHARACTERISTIC("characteristic", false, false, true);

    private final String label;
    private final boolean gradients;
    private final boolean classifier;
    private final boolean features;

    MatchingObjective(String label, boolean gradients, boolean classifier, boolean features) {
        this.label = label;
        this.gradients = gradients;
        this.classifier = classifier;
        this.features = features;
    }

    /** The name on the command line. */
    public String label() {
        return label;
    }

    /** Whether gradients by the weights are matched. */
    public boolean gradients() {
        return gradients;
    }

    /** Whether the gradient by the classifier's weight is matched too. */
    public boolean classifier() {
        return classifier;
    }

    /** Whether embeddings are matched. */
    public boolean features() {
        return features;
    }

    /** Whether embeddings are matched by their characteristic functions instead of their means. */
    public boolean characteristic() {
        return this == CHARACTERISTIC;
    }
}
