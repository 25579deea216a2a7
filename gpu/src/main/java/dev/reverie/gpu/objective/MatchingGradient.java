package dev.reverie.gpu.objective;

import java.util.List;

/**
 * A matching loss and its gradient by the stored synthetic images of a class, in double precision.
 *
 * @param loss matching distance D, at least 0
 * @param byBlock the part of each convolution block in the loss, from the input on; the part of the features counts as
 *     part of the last block, which outputs them
 * @param gradient of the loss by each stored image
 */
public record MatchingGradient(double loss, List<Double> byBlock, List<double[]> gradient) {

    public MatchingGradient {
        byBlock = List.copyOf(byBlock);
        gradient = List.copyOf(gradient);
    }
}
