package dev.reverie.gpu.objective;

import java.util.List;

/**
 * A matching loss and its gradient with respect to the stored synthetic images of a class, in double precision.
 *
 * @param loss matching distance D, at least 0
 * @param blockLosses contribution of each convolution block to the loss, in order from the input; the feature distance
 *     belongs to the last block, which outputs the features, and style terms to the block whose convolution they
 *     describe
 * @param gradient gradient of the loss with respect to each stored image, plus that of the calibration, which the loss
 *     does not contain
 */
public record MatchingGradient(double loss, List<Double> blockLosses, List<double[]> gradient) {

    public MatchingGradient {
        blockLosses = List.copyOf(blockLosses);
        gradient = List.copyOf(gradient);
    }
}
