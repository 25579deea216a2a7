package dev.reverie.gpu.objective;

import dev.reverie.gpu.Labelled;
import java.util.List;

/** The quantity that is matched between a real and a synthetic batch of one class. */
public enum MatchingObjective implements Labelled {
    /** The gradients of the network's loss with respect to its convolution weights (IDC, DREAM). */
    GRADIENTS,
    /** The gradients with respect to the convolution weights and to the classifier's weight (DC, DSA). */
    ALL_GRADIENTS,
    /** The mean embeddings (DM, DANCE). */
    FEATURES,
    /** The mean embeddings and the gradients with respect to the convolution weights, with equal weight (DREAM+). */
    FEATURES_AND_GRADIENTS,
    /** The characteristic functions of the embeddings (NCFM). */
    CHARACTERISTIC,
    /**
     * The mean messages of the embeddings, which contain the derivative of the loss with respect to the logits
     * (Inf-Match).
     */
    INFLUENCE;

    /** Whether gradients with respect to the weights are matched, which needs second derivatives. */
    public boolean matchesGradients() {
        return switch (this) {
            case GRADIENTS, ALL_GRADIENTS, FEATURES_AND_GRADIENTS -> true;
            case FEATURES, CHARACTERISTIC, INFLUENCE -> false;
        };
    }

    public boolean matchesClassifier() {
        return this == ALL_GRADIENTS;
    }

    public boolean matchesEmbeddings() {
        return switch (this) {
            case FEATURES, FEATURES_AND_GRADIENTS, CHARACTERISTIC, INFLUENCE -> true;
            case GRADIENTS, ALL_GRADIENTS -> false;
        };
    }

    /**
     * A matching loss and its gradient with respect to the stored synthetic images of a class, in double precision.
     *
     * @param loss matching distance D, at least 0
     * @param blockLosses contribution of each convolution block to the loss, in order from the input; the feature
     *     distance belongs to the last block, which outputs the features, and style terms to the block whose
     *     convolution they describe
     * @param gradient gradient of the loss with respect to each stored image, plus that of the calibration, which the
     *     loss does not contain
     */
    public record MatchingGradient(double loss, List<Double> blockLosses, List<double[]> gradient) {

        public MatchingGradient {
            blockLosses = List.copyOf(blockLosses);
            gradient = List.copyOf(gradient);
        }
    }
}
