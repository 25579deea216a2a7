package dev.reverie.gpu.objective;

/** The quantity that is matched between a real and a synthetic batch of one class. */
public enum MatchingObjective {
    /**
     * The gradients of the network's loss with respect to its convolution weights (IDC, DREAM). Needs second
     * derivatives.
     */
    GRADIENTS("gradients", true, false, false),
    /**
     * The gradients with respect to the convolution weights and to the classifier's weight (DC, DSA). Needs second
     * derivatives.
     */
    ALL_GRADIENTS("all-gradients", true, true, false),
    /** The mean embeddings (DM, DANCE). Needs first derivatives only. */
    FEATURES("features", false, false, true),
    /** The mean embeddings and the gradients with respect to the convolution weights, with equal weight (DREAM+). */
    FEATURES_AND_GRADIENTS("features-and-gradients", true, false, true),
    /** The characteristic functions of the embeddings (NCFM). Needs first derivatives only. */
    CHARACTERISTIC("characteristic", false, false, true),
    /**
     * The mean messages of the embeddings, which contain the derivative of the loss with respect to the logits
     * (Inf-Match). Needs first derivatives only.
     */
    INFLUENCE("influence", false, false, true);

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

    /** Whether gradients with respect to the weights are matched. */
    public boolean gradients() {
        return gradients;
    }

    /** Whether first derivatives suffice, because no gradients are matched. */
    public boolean firstOrder() {
        return !gradients;
    }

    /** Whether the gradient with respect to the classifier's weight is also matched. */
    public boolean classifier() {
        return classifier;
    }

    /** Whether embeddings are matched. */
    public boolean features() {
        return features;
    }
}
