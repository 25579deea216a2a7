package dev.reverie.gpu.objective;

import dev.reverie.gpu.Labelled;

/** The quantity that is matched between a real and a synthetic batch of one class. */
public enum MatchingObjective implements Labelled {
    /** The gradients of the network's loss with respect to its convolution weights (IDC, DREAM). */
    GRADIENTS("gradients"),
    /** The gradients with respect to the convolution weights and to the classifier's weight (DC, DSA). */
    ALL_GRADIENTS("all-gradients"),
    /** The mean embeddings (DM, DANCE). */
    FEATURES("features"),
    /** The mean embeddings and the gradients with respect to the convolution weights, with equal weight (DREAM+). */
    FEATURES_AND_GRADIENTS("features-and-gradients"),
    /** The characteristic functions of the embeddings (NCFM). */
    CHARACTERISTIC("characteristic"),
    /**
     * The mean messages of the embeddings, which contain the derivative of the loss with respect to the logits
     * (Inf-Match).
     */
    INFLUENCE("influence");

    private final String label;

    MatchingObjective(String label) {
        this.label = label;
    }

    @Override
    public String label() {
        return label;
    }

    /** Whether gradients with respect to the weights are matched, which needs second derivatives. */
    public boolean matchesGradients() {
        return switch (this) {
            case GRADIENTS, ALL_GRADIENTS, FEATURES_AND_GRADIENTS -> true;
            case FEATURES, CHARACTERISTIC, INFLUENCE -> false;
        };
    }

    /** Whether the gradient with respect to the classifier's weight is also matched. */
    public boolean matchesClassifier() {
        return this == ALL_GRADIENTS;
    }

    /** Whether embeddings are matched. */
    public boolean matchesEmbeddings() {
        return switch (this) {
            case FEATURES, FEATURES_AND_GRADIENTS, CHARACTERISTIC, INFLUENCE -> true;
            case GRADIENTS, ALL_GRADIENTS -> false;
        };
    }
}
