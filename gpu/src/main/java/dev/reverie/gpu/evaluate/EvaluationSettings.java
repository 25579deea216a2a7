package dev.reverie.gpu.evaluate;

/**
 * What is trained on a set to find out what it is worth.
 *
 * @param width channels of the ConvNet
 * @param depth blocks of the ConvNet
 * @param repeats networks trained from scratch, at least 1
 * @param checkpoints times a network is tested, evenly spread over its training, the last at its end; 4 as published
 * @param seed of every random choice
 */
public record EvaluationSettings(Recipe recipe, int width, int depth, int repeats, int checkpoints, long seed) {

    /** Tests per network in the published recipe. */
    public static final int PUBLISHED_CHECKPOINTS = 4;

    public EvaluationSettings {
        if (width < 1 || depth < 1 || repeats < 1 || checkpoints < 1) {
            throw new IllegalArgumentException(
                    "an evaluation needs at least one channel, block, repeat and checkpoint, got width " + width
                            + ", depth " + depth + ", repeats " + repeats + ", checkpoints " + checkpoints);
        }
    }
}
